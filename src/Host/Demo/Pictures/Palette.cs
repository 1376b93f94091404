namespace Rosa.Host.Demo;

/// <summary>The colours of one picture: the room (paper, halo), the product (main, deep, accent, cream) and the animal (coat, ink).</summary>
sealed record Palette(string Paper, string Halo, string Main, string Deep, string Accent, string Cream, string Coat, string Ink)
{
    public static readonly IReadOnlyList<Palette> All =
    [
        new("#FBEFE3", "#F6D7BD", "#D9653B", "#A9462A", "#2F7F79", "#FFF8EE", "#8A5A3C", "#3A2A24"),
        new("#EEF3E6", "#D3E2C2", "#6E9B5E", "#4B7441", "#E58B4A", "#FBFBEF", "#B98551", "#2C3528"),
        new("#E8F2F8", "#C5DFEE", "#3F86B5", "#2A6189", "#F2B441", "#F7FCFF", "#8C7361", "#22313D"),
        new("#FCEBEC", "#F6CDD2", "#D3617A", "#A0435B", "#4D8C8A", "#FFF7F5", "#9A6B4F", "#3D2630"),
        new("#FBF3DC", "#F4DFA5", "#E0A526", "#AF7A14", "#4B6FA5", "#FFFBEF", "#7B5A45", "#3A2F1F"),
        new("#F2ECF6", "#DCCBE8", "#8458A8", "#5F3C80", "#E7A23D", "#FCF8FF", "#A47858", "#2E2338"),
        new("#E6F5F0", "#BFE5D8", "#2F9E86", "#1F7262", "#EE7B5B", "#F6FFFB", "#B08A63", "#1F332F"),
        new("#EAEDF6", "#C9D2EA", "#4059A0", "#2D4079", "#EE8A6F", "#F8F9FF", "#C69A6B", "#202945"),
    ];
}
