using System.Globalization;
using System.Text;
using EdgeInference.ModelFormat;
using EdgeInference.ModelFormat.Training;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>The values of categories as constants in emitted code: a device sets a number and needs no text.</summary>
internal static class CategoryCode
{
    private const int MostLetters = 60;

    /// <summary>A constant for each category of each input value, and one for any other text; empty where there are none.</summary>
    /// <param name="file">The model.</param>
    /// <param name="className">The class that the constants go into, whose name none may have.</param>
    internal static string Of(ModelFile file, string className)
    {
        var text = new StringBuilder();
        var taken = new HashSet<string>(StringComparer.Ordinal) { className };
        string[] names = file.Metadata.TextList(MetadataKey.InputNames);
        foreach ((int value, IReadOnlyList<string> categories) in InputCategories.Read(file).Index().Where(pair => pair.Item.Count > 0))
        {
            string name = value < names.Length ? names[value] : string.Create(CultureInfo.InvariantCulture, $"input {value}");
            for (int code = 0; code <= categories.Count; code++)
            {
                bool isKnown = code < categories.Count;
                string meaning = isKnown ? $"'{EmitText.Plain(categories[code])}'" : "any other text";
                text.Append(CultureInfo.InvariantCulture, $"        /// <summary>Input value {value}, '{EmitText.Plain(name)}', for {meaning}.</summary>\n");
                text.Append(CultureInfo.InvariantCulture, $"        public const int {Name(Word(name) + Word(isKnown ? categories[code] : "unknown"), code, taken)} = {code};\n\n");
            }
        }

        return text.ToString();
    }

    // Letters and digits of ASCII, each word with a capital: what is left of two texts may be the same.
    private static string Word(string text)
    {
        var word = new StringBuilder();
        bool starts = true;
        foreach (char letter in text)
        {
            if (!char.IsAsciiLetterOrDigit(letter))
            {
                starts = true;
            }
            else if (word.Length < MostLetters)
            {
                word.Append(starts ? char.ToUpperInvariant(letter) : letter);
                starts = false;
            }
        }

        return word.ToString();
    }

    private static string Name(string words, int code, HashSet<string> taken)
    {
        string name = words.Length == 0 || char.IsAsciiDigit(words[0]) ? "Input" + words : words;
        string unique = name;
        for (int i = 0; EmitNames.IsMember(unique) || !taken.Add(unique); i++)
        {
            unique = string.Create(CultureInfo.InvariantCulture, $"{name}_{code}{(i == 0 ? "" : $"_{i}")}");
        }

        return unique;
    }
}
