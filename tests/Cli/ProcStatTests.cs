using Rosa.Cli.Load;

namespace Rosa.Cli.Tests;

public class ProcStatTests
{
    [Fact]
    public void A_name_with_spaces_and_brackets_misleads_nobody()
    {
        var stat = ProcStat.Parse(4242, "4242 (postgres: a) b (c) S 77 4242 4242 0 -1 4194304 2101 9 0 0 150 50 7 3 20 0 1 0 12345 0 0");
        Assert.Equal(new ProcStat(4242, Parent: 77, Ticks: 200, EndedChildrensTicks: 10), stat);
    }

    [Fact]
    public void A_process_that_is_not_there_is_null()
    {
        Assert.Null(ProcStat.Read(int.MaxValue));
    }
}
