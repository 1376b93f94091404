using Rosa.Contracts.Users;

namespace Rosa.Notifications.Templates;

/// <summary>About an account: to somebody who registered, whose address is to be confirmed, who forgot their password.</summary>
static class AccountNotices
{
    static readonly Guid somebody = Guid.Parse("01890000-0000-7000-8000-000000000001");
    static readonly DateTimeOffset then = new(2026, 12, 24, 12, 0, 0, TimeSpan.Zero);

    public static Notice Welcome { get; } = Notice.Of<UserCreated>(
        required: false, happened => new Concerned(happened.UserId, null), (_, _, _) => [],
        sample: new UserCreated(somebody, "ada@shop.example", "Ada", "Exemple", "fr", then), new()
        {
            [(Channel.Email, "fr")] = new("Bienvenue chez {{shop.name}}",
                """
                Bonjour {{customer.firstName}},

                Votre compte est ouvert. Votre panier vous attend, vos commandes se suivent d'un coup d'œil, et les amis de nos animaux sont les vôtres.

                Pour confirmer votre adresse, ouvrez ce lien :
                {{link.url}}

                À bientôt,
                {{shop.name}}
                """),
            [(Channel.Email, "en")] = new("Welcome to {{shop.name}}'s",
                """
                Hello {{customer.firstName}},

                Your account is open. From now on your cart waits for you, your orders are easy to follow, and our animals' friends are yours.

                To confirm your address, open this link:
                {{link.url}}

                See you soon,
                {{shop.name}}
                """),
            [(Channel.InApp, "fr")] = new("Bienvenue chez {{shop.name}}", "Votre compte est ouvert. Un lien pour confirmer votre adresse est parti par e-mail."),
            [(Channel.InApp, "en")] = new("Welcome to {{shop.name}}'s", "Your account is open. A link to confirm your address is in your mail."),
        }, linkPurpose: "verify-email");

    /// <summary>The subject of a welcome, for the log of a demo's past.</summary>
    public static string WelcomeSubject(string language, string shopName) =>
        Welcome.Defaults[(Channel.Email, language)].WriteSubject(new Dictionary<string, Value> { ["shop.name"] = shopName });

    public static Notice VerifyEmail { get; } = Notice.Of<EmailVerificationRequested>(
        required: true, happened => new Concerned(happened.UserId, null), (_, _, _) => [], sample: new EmailVerificationRequested(somebody, then), new()
        {
            [(Channel.Email, "fr")] = new("Confirmez votre adresse",
                """
                Bonjour {{customer.firstName}},

                Pour confirmer votre adresse, ouvrez ce lien. Il est valable trois jours :
                {{link.url}}

                À bientôt,
                {{shop.name}}
                """),
            [(Channel.Email, "en")] = new("Confirm your address",
                """
                Hello {{customer.firstName}},

                To confirm your address, open this link. It is good for three days:
                {{link.url}}

                See you soon,
                {{shop.name}}
                """),
        }, linkPurpose: "verify-email");

    public static Notice ResetPassword { get; } = Notice.Of<PasswordResetRequested>(
        required: true, happened => new Concerned(happened.UserId, null), (_, _, _) => [], sample: new PasswordResetRequested(somebody, then), new()
        {
            [(Channel.Email, "fr")] = new("Choisissez un nouveau mot de passe",
                """
                Bonjour {{customer.firstName}},

                Pour choisir un nouveau mot de passe, ouvrez ce lien. Il est valable une heure, et une seule fois :
                {{link.url}}

                Si vous n'avez rien demandé, ne faites rien : votre mot de passe reste le même.

                À bientôt,
                {{shop.name}}
                """),
            [(Channel.Email, "en")] = new("Choose a new password",
                """
                Hello {{customer.firstName}},

                To choose a new password, open this link. It is good for one hour, and once:
                {{link.url}}

                If you did not ask for it, do nothing: your password stays as it is.

                See you soon,
                {{shop.name}}
                """),
        }, linkPurpose: "reset-password");
}
