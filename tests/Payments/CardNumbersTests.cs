namespace Rosa.Payments;

public sealed class CardNumbersTests
{
    [Theory]
    [InlineData("4242424242424242")]
    [InlineData("378282246310005")]
    [InlineData("6011 1111 1111 1117")]
    [InlineData("card 5555-5555-5555-4444 of mine")]
    public void A_card_number_is_recognised(string text) => Assert.True(CardNumbers.AreIn(text));

    [Theory]
    [InlineData("tok_visa")]
    [InlineData("")]
    [InlineData("4242424242424241")]
    [InlineData("424242424242")]
    [InlineData("42424242424242424242")]
    public void Other_texts_are_not(string text) => Assert.False(CardNumbers.AreIn(text));
}
