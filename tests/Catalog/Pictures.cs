namespace Rosa.Catalog.Tests;

/// <summary>Pictures as programs make them, three pixels wide and two high.</summary>
static class Pictures
{
    public static readonly byte[] Jpeg = Convert.FromBase64String(
        "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAFA3PEY8MlBGQUZaVVBfeMiCeG5uePWvuZHI////////////////////////////////////////////////////2wBDAVVaWnhpeOuCguv/////////////////////////////////////////////////////////////////////////wAARCAACAAMDASIAAhEBAxEB/8QAFQABAQAAAAAAAAAAAAAAAAAAAAP/xAAUEAEAAAAAAAAAAAAAAAAAAAAA/8QAFQEBAQAAAAAAAAAAAAAAAAAAAwT/xAAUEQEAAAAAAAAAAAAAAAAAAAAA/9oADAMBAAIRAxEAPwCQA1j/2Q==");

    public static readonly byte[] Png = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AAQQxwFgBB0gX7h/C5SAAAAABJRU5ErkJggg==");

    public static readonly byte[] LossyWebP = Convert.FromBase64String("UklGRjQAAABXRUJQVlA4ICgAAACQAQCdASoDAAIAB0CWJaACdLoAA5gA/uUK+Cepco/+N48CvJdjoAAA");

    public static readonly byte[] LosslessWebP = Convert.FromBase64String("UklGRhwAAABXRUJQVlA4TA8AAAAvAkAAAAcQ/Y/+ByKi/wEA");

    public static readonly byte[] TransparentWebP = Convert.FromBase64String("UklGRlYAAABXRUJQVlA4WAoAAAAQAAAAAgAAAQAAQUxQSAcAAAAAAP//////AFZQOCAoAAAAkAEAnQEqAwACAAdAliWgAnS6AAOYAP7lCvgnqXKP/jePAryXY6AAAA==");

    public static readonly byte[] Gif = Convert.FromBase64String("R0lGODlhAwACAIAAAP8AAP///yH5BAEAAAEALAAAAAADAAIAAAIChF8AOw==");
}
