namespace Rosa.Host.Demo;

/// <summary>The five animals of the shop: as a stamp of one colour on a label, and peeking into the picture.</summary>
static class AnimalPortrait
{
    /// <summary>A silhouette about 90 wide around the origin.</summary>
    public static string Stamp(Animal animal, string colour) => animal switch
    {
        Animal.Dog => $"""<path fill="{colour}" d="M-22-30Q0-40 22-30Q42-38 47-6Q45 20 33 12Q28 37 0 39Q-28 37-33 12Q-45 20-47-6Q-42-38-22-30Z"/>""",
        Animal.Cat => $"""<path fill="{colour}" d="M-34-40L-12-25Q0-28 12-25L34-40Q45-4 35 14Q22 34 0 34Q-22 34-35 14Q-45-4-34-40Z"/>""",
        Animal.Bird => $"""<path fill="{colour}" d="M-45-10L-27-20Q-18-38 3-34Q24-28 27-4L47-16Q46 24 8 31Q-24 32-29 4Z"/>""",
        Animal.Rodent => $"""
            <g fill="{colour}"><circle cx="-25" cy="-26" r="15"/><circle cx="25" cy="-26" r="15"/>
            <path d="M0-32Q32-30 40 6Q40 36 0 36Q-40 36-40 6Q-32-30 0-32Z"/></g>
            """,
        _ => $"""<path fill="{colour}" d="M-45 0Q-16-34 18-7L44-26Q36 0 44 26L18 7Q-16 34-45 0Z"/>""",
    };

    /// <summary>The animal looking up at the product from the lower right corner.</summary>
    public static string Peeking(Animal animal, Palette p) =>
        $"""<g transform="translate(322 350) scale(1.3)">{Face(animal, p)}</g>""";

    static string Face(Animal animal, Palette p) => animal switch
    {
        Animal.Dog => $"""
            <path fill="{p.Coat}" d="M-30 60Q-34 6 0 4Q34 6 30 60Z"/><ellipse fill="{p.Coat}" rx="40" ry="37"/>
            <path fill="{p.Ink}" d="M-28-31Q-56-36-57-2Q-54 24-40 15Q-33-8-28-31ZM28-31Q56-36 57-2Q54 24 40 15Q33-8 28-31Z"/>
            <ellipse cy="14" rx="21" ry="17" fill="{p.Cream}"/><path fill="#E8798A" d="M-6 22h12v9a6 6 0 0 1-12 0Z"/>
            <path fill="none" stroke="{p.Ink}" stroke-width="2.5" stroke-linecap="round" d="M0 10V19M-10 20Q-4 24 0 19Q4 24 10 20"/>
            <ellipse cy="7" rx="8" ry="6" fill="{p.Ink}"/>{Eyes(p, 17, -9)}
            """,
        Animal.Cat => $"""
            <path fill="{p.Coat}" d="M-32 60Q-34 8 0 6Q34 8 32 60Z"/>
            <path fill="{p.Coat}" d="M-38-48L-14-31Q0-35 14-31L38-48Q50-6 40 12Q26 34 0 34Q-26 34-40 12Q-50-6-38-48Z"/>
            <path fill="{p.Halo}" d="M-33-37L-20-27L-36-17ZM33-37L20-27L36-17Z"/>
            <path fill="{p.Ink}" opacity=".35" d="M-4-33h8l-2 15h-4ZM-16-31l5 1v10ZM16-31l-5 1v10Z"/>
            <ellipse cx="-8" cy="17" rx="11" ry="9" fill="{p.Cream}"/><ellipse cx="8" cy="17" rx="11" ry="9" fill="{p.Cream}"/>
            <path fill="#E8798A" d="M-6 7H6L0 14Z"/>
            <path fill="none" stroke="{p.Ink}" stroke-width="1.8" stroke-linecap="round" d="M0 14V19M-22 14L-50 9M-22 19L-49 22M22 14L50 9M22 19L49 22"/>{Eyes(p, 18, -4)}
            """,
        Animal.Bird => $"""
            <path fill="{p.Accent}" d="M-2-42Q-10-64 6-60Q4-70 16-62Q20-50 10-40Z"/>
            <path fill="{p.Main}" d="M-40 60Q-46 10-40-8Q-32-44 4-44Q42-42 46 0Q50 34 46 60Z"/>
            <path fill="{p.Cream}" d="M-34 60Q-36 22-10 16Q18 18 18 60Z"/><path fill="{p.Deep}" d="M20 6Q50 8 47 44Q22 44 20 6Z"/>
            <path fill="{p.Accent}" d="M-36-16L-62-6Q-52 4-38 2Z"/><path stroke="{p.Ink}" stroke-width="1.5" opacity=".5" d="M-60-6L-38-6"/>
            <circle cx="-16" cy="-4" r="7" fill="{p.Accent}" opacity=".45"/>
            <circle cx="-18" cy="-18" r="6.5" fill="{p.Ink}"/><circle cx="-20" cy="-20" r="2.2" fill="#fff"/>
            """,
        Animal.Rodent => $"""
            <g fill="{p.Coat}"><circle cx="-28" cy="-30" r="16"/><circle cx="28" cy="-30" r="16"/>
            <path d="M0-38Q36-36 46 8Q50 60 0 60Q-50 60-46 8Q-36-36 0-38Z"/></g>
            <circle cx="-28" cy="-30" r="9" fill="{p.Halo}"/><circle cx="28" cy="-30" r="9" fill="{p.Halo}"/>
            <path fill="{p.Cream}" d="M0-36Q7-10 22 4Q42 10 34 28Q20 42 0 34Q-20 42-34 28Q-42 10-22 4Q-7-10 0-36Z"/>
            <path fill="#fff" stroke="{p.Ink}" stroke-width="1" d="M-5 21h10v9h-10ZM0 21v9"/>
            <ellipse cy="13" rx="6" ry="4.5" fill="#E8798A"/>
            <path fill="none" stroke="{p.Ink}" stroke-width="2" stroke-linecap="round" d="M-8 20Q-3 23 0 18Q3 23 8 20"/>{Eyes(p, 20, -5)}
            """,
        _ => $"""
            <path fill="{p.Accent}" d="M26-4L56-30Q50-4 58 26L26 8Z"/><path fill="{p.Deep}" d="M-16-24Q2-48 24-28L18-16ZM-2 22Q10 38 20 34L18 14Z"/>
            <path fill="{p.Main}" d="M-50 0Q-22-38 14-24Q32-14 34 2Q30 18 12 25Q-24 36-50 0Z"/>
            <path fill="{p.Cream}" opacity=".85" d="M-8-30Q4-2-8 29Q-16 28-22 25Q-12 0-20-27ZM16-23Q26 0 15 24L8 27Q16 0 8-27Z"/>
            <circle cx="-32" cy="-6" r="7" fill="#fff"/><circle cx="-33" cy="-7" r="4.2" fill="{p.Ink}"/>
            <path fill="none" stroke="{p.Ink}" stroke-width="2.2" stroke-linecap="round" d="M-48 4Q-42 8-38 5"/>
            <g fill="none" stroke="{p.Main}" stroke-width="2.2"><circle cx="-54" cy="-22" r="5"/><circle cx="-48" cy="-40" r="3.5"/><circle cx="-56" cy="-54" r="6"/></g>
            """,
    };

    static string Eyes(Palette p, int apart, int y) => $"""
        <g fill="{p.Ink}"><circle cx="-{apart}" cy="{y}" r="5.5"/><circle cx="{apart}" cy="{y}" r="5.5"/></g>
        <g fill="#fff"><circle cx="-{apart + 2}" cy="{y - 2}" r="1.9"/><circle cx="{apart - 2}" cy="{y - 2}" r="1.9"/></g>
        """;
}
