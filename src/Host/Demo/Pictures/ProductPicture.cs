namespace Rosa.Host.Demo;

/// <summary>
/// Draws a product: its motif on a table in front of a halo, with its animal peeking in. 400 × 400, complete in itself: no
/// script, link, font or gradient id, so that any number of them can stand in one page.
/// </summary>
static class ProductPicture
{
    /// <summary>The SVG of a product of the demo shop or of a generated catalog.</summary>
    public static string Draw(DemoProduct product) => Draw(product.Motif, product.Animal, variation: DemoSeed.Default.Hash(product.Slug));

    /// <summary>The SVG of a motif; <paramref name="variation"/> chooses the palette and the shape of the halo.</summary>
    public static string Draw(Motif motif, Animal animal, ulong variation)
    {
        var palette = Palette.All[(int)(variation % (ulong)Palette.All.Count)];
        return $"""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400" width="400" height="400" role="img">
            <rect width="400" height="400" fill="{palette.Paper}"/>
            {Halo((int)(variation / 64 % 3), palette)}
            <path fill="{palette.Halo}" d="M0 326Q200 310 400 326V400H0Z"/><ellipse cx="186" cy="336" rx="140" ry="14" fill="{palette.Ink}" opacity=".12"/>
            <path fill="none" stroke="{palette.Cream}" stroke-width="3" stroke-linecap="round" stroke-dasharray="1 15" opacity=".8" d="M8 366Q200 352 392 366M2 384Q200 370 398 384"/>
            {Product(motif, animal, palette)}
            {AnimalPortrait.Peeking(animal, palette)}
            </svg>
            """;
    }

    static string Halo(int shape, Palette p) => shape switch
    {
        0 => $"""<circle cx="190" cy="196" r="158" fill="{p.Halo}" opacity=".6"/>""",
        1 => $"""<path fill="{p.Halo}" opacity=".6" d="M46 330V190A144 150 0 0 1 334 190V330Z"/>""",
        _ => $"""<path fill="{p.Halo}" opacity=".6" d="M192 32Q300 20 342 116Q376 214 316 300Q210 366 96 320Q10 254 44 148Q82 44 192 32Z"/>""",
    };

    static string Product(Motif motif, Animal animal, Palette p) => motif switch
    {
        Motif.KibbleBag => MealMotifs.KibbleBag(animal, p),
        Motif.SeedBag => MealMotifs.SeedBag(animal, p),
        Motif.Tin => MealMotifs.Tin(animal, p),
        Motif.Biscuits => MealMotifs.Biscuits(animal, p),
        Motif.Bowl => MealMotifs.Bowl(animal, p),
        Motif.Jar => MealMotifs.Jar(animal, p),
        Motif.FlakesTin => MealMotifs.FlakesTin(animal, p),
        Motif.SeedBell => MealMotifs.SeedBell(animal, p),
        Motif.Hay => MealMotifs.Hay(animal, p),
        Motif.WaterBottle => MealMotifs.WaterBottle(animal, p),
        Motif.Ball => ToyMotifs.Ball(animal, p),
        Motif.Rope => ToyMotifs.Rope(animal, p),
        Motif.Bone => ToyMotifs.Bone(animal, p),
        Motif.MossBall => ToyMotifs.MossBall(animal, p),
        Motif.Sticks => ToyMotifs.Sticks(animal, p),
        Motif.Plush => ToyMotifs.Plush(animal, p),
        Motif.Wand => ToyMotifs.Wand(animal, p),
        Motif.Mouse => ToyMotifs.Mouse(animal, p),
        Motif.Swing => ToyMotifs.Swing(animal, p),
        Motif.Ladder => ToyMotifs.Ladder(animal, p),
        Motif.Mirror => ToyMotifs.Mirror(animal, p),
        Motif.Wheel => ToyMotifs.Wheel(animal, p),
        Motif.Tunnel => ToyMotifs.Tunnel(animal, p),
        Motif.Castle => ToyMotifs.Castle(animal, p),
        Motif.Brush => CareMotifs.Brush(animal, p),
        Motif.Bottle => CareMotifs.Bottle(animal, p),
        Motif.Collar => CareMotifs.Collar(animal, p),
        Motif.Litter => CareMotifs.Litter(animal, p),
        Motif.Scoop => CareMotifs.Scoop(animal, p),
        Motif.Bath => CareMotifs.Bath(animal, p),
        Motif.Net => CareMotifs.Net(animal, p),
        Motif.Cushion => HomeMotifs.Cushion(animal, p),
        Motif.Basket => HomeMotifs.Basket(animal, p),
        Motif.Blanket => HomeMotifs.Blanket(animal, p),
        Motif.House => HomeMotifs.House(animal, p),
        Motif.Cave => HomeMotifs.Cave(animal, p),
        Motif.ScratchingPost => HomeMotifs.ScratchingPost(animal, p),
        Motif.Hammock => HomeMotifs.Hammock(animal, p),
        Motif.Cage => HomeMotifs.Cage(animal, p),
        Motif.Perch => HomeMotifs.Perch(animal, p),
        Motif.Aquarium => HomeMotifs.Aquarium(animal, p),
        Motif.Plant => HomeMotifs.Plant(animal, p),
        Motif.Gravel => HomeMotifs.Gravel(animal, p),
        _ => throw new System.Diagnostics.UnreachableException($"No drawing for {motif}."),
    };
}
