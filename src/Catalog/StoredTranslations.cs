using System.Text.Json;
using System.Text.Json.Serialization;
using Npgsql;
using NpgsqlTypes;

namespace Rosa.Catalog;

/// <summary>Texts in other languages as a column holds them; without any it is empty.</summary>
static class StoredTranslations
{
    static readonly JsonSerializerOptions json = new(JsonSerializerDefaults.Web) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Write<T>(T? translations) where T : class => translations is null ? "{}" : JsonSerializer.Serialize(translations, json);

    public static NpgsqlParameter Parameter<T>(T? translations) where T : class => new() { Value = Write(translations), NpgsqlDbType = NpgsqlDbType.Jsonb };

    public static T? Read<T>(string stored) where T : class => stored == "{}" ? null : JsonSerializer.Deserialize<T>(stored, json);
}
