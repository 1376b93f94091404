namespace Rosa.Notifications.Templates;

/// <summary>To somebody who registered.</summary>
static class WelcomeMail
{
    public static string Subject(string language) => language switch
    {
        "en" => "Welcome to Mamie Rosa's",
        _ => "Bienvenue chez Mamie Rosa",
    };

    public static MailContent Write(string firstName, string language) => language switch
    {
        "en" => new MailBody(language)
            .Paragraph($"Hello {firstName},")
            .Paragraph("Your account is open. From now on your cart waits for you, your orders are easy to follow, and our animals' friends are yours.")
            .Paragraph("See you soon,\nMamie Rosa")
            .ToMail(Subject(language)),
        _ => new MailBody(language)
            .Paragraph($"Bonjour {firstName},")
            .Paragraph("Votre compte est ouvert. Votre panier vous attend, vos commandes se suivent d'un coup d'œil, et les amis de nos animaux sont les vôtres.")
            .Paragraph("À bientôt,\nMamie Rosa")
            .ToMail(Subject(language)),
    };
}
