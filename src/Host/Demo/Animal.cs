namespace Rosa.Host.Demo;

/// <summary>Whom the shop looks after.</summary>
enum Animal { Dog, Cat, Bird, Rodent, Fish }
