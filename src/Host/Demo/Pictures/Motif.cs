namespace Rosa.Host.Demo;

/// <summary>What a product looks like; each has a drawing in one of the <c>…Motifs</c> files.</summary>
enum Motif
{
    KibbleBag, SeedBag, Tin, Biscuits, Bowl, Jar, FlakesTin, SeedBell, Hay, WaterBottle,
    Ball, MossBall, Rope, Bone, Sticks, Plush, Wand, Mouse, Swing, Ladder, Mirror, Wheel, Tunnel, Castle,
    Brush, Bottle, Collar, Litter, Scoop, Bath, Net,
    Cushion, Basket, Blanket, House, Cave, ScratchingPost, Hammock, Cage, Perch, Aquarium, Plant, Gravel,
}
