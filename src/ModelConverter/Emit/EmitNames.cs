using System.Globalization;
using System.Text.RegularExpressions;

namespace EdgeInference.ModelConverter.Emit;

/// <summary>Refuses names that the compiler would refuse in emitted code: keywords of C#, and a class named as one of its own members.</summary>
internal static partial class EmitNames
{
    // The first part of the engine's namespaces: there it means the same.
    private const string EngineNamespace = "EdgeInference";

    private static readonly HashSet<string> keywords = [.. """
        abstract as base bool break byte case catch char checked class const continue decimal default delegate do double else enum event
        explicit extern false finally fixed float for foreach goto if implicit in int interface internal is lock long namespace new null
        object operator out override params private protected public readonly ref return sbyte sealed short sizeof stackalloc static string
        struct switch this throw true try typeof uint ulong unchecked unsafe ushort using virtual void volatile while
        """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];

    // No keywords in C# 7.3, but newer compilers refuse a type of that name, or take it for something else.
    private static readonly HashSet<string> typeWords = ["closed", "dynamic", "extension", "field", "file", "nint", "notnull", "nuint", "partial", "record", "required", "scoped", "unmanaged", "var", "yield", "_"];

    /// <summary>A name that will stand in source code: letters of any script, digits and underscores, as C# has it.</summary>
    /// <param name="text">The name, with dots between its parts.</param>
    /// <param name="option">The option that gives it, for the message.</param>
    /// <exception cref="InputException">It is not a name in C#.</exception>
    internal static string Identifier(string text, string option) =>
        text.Length > 0 && text.Split('.').All(IsIdentifier) ? text : throw new InputException($"'{text}' is not a C# name; give one with {option}.");

    // The specification's classes of characters but for format characters, which nobody sees and the compiler drops.
    private static bool IsIdentifier(string part) => part.Length > 0 && (IsLetter(part[0]) || part[0] == '_') && part.All(c => IsLetter(c) || char.GetUnicodeCategory(c) is
        UnicodeCategory.DecimalDigitNumber or UnicodeCategory.ConnectorPunctuation or UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark);

    private static bool IsLetter(char c) => char.IsLetter(c) || char.GetUnicodeCategory(c) == UnicodeCategory.LetterNumber;

    /// <summary>Checks the namespace and the class.</summary>
    /// <exception cref="InputException">One of them cannot be compiled.</exception>
    internal static void Check(EmitOptions options)
    {
        if (Array.Find(options.Namespace.Split('.'), keywords.Contains) is { } part)
        {
            throw new InputException($"The namespace '{options.Namespace}' has '{part}', which is a C# keyword; give another with --namespace.");
        }

        string name = options.ClassName;
        string? problem = keywords.Contains(name) ? "is a C# keyword"
            : name.Contains('.', StringComparison.Ordinal) ? "has a dot, which belongs in the namespace"
            : typeWords.Contains(name) ? "is a word that C# keeps for itself where a type stands"
            : Members().IsMatch(name) ? "is the name of a member of the class"
            : null;
        if (problem is not null)
        {
            throw new InputException($"The class name '{name}' {problem}; give another with --class.");
        }
    }

    /// <summary>Checks that no other name in emitted code means the class or the namespace.</summary>
    /// <exception cref="InputException">One does, so that the code cannot be compiled.</exception>
    internal static void Check(EmittedModel model, EmitOptions options)
    {
        var names = new CodeNames(model.Files);
        string? problem = names.Members.Contains(options.ClassName) ? "is the name of a member of the class"
            : names.Types.Contains(options.ClassName) && !names.IsClassItself(options.ClassName) ? "is a type that the emitted code uses"
            : null;
        if (problem is not null)
        {
            throw new InputException($"The class name '{options.ClassName}' {problem}; give another with --class.");
        }

        string[] parts = options.Namespace.Split('.');
        if (Array.Find(parts, names.Types.Contains) is { } part && !(part == EngineNamespace && Array.LastIndexOf(parts, part) == 0))
        {
            throw new InputException($"The namespace '{options.Namespace}' has '{part}', which the emitted code uses otherwise; give another with --namespace.");
        }
    }

    /// <summary>Whether emitted code has a member of that name.</summary>
    internal static bool IsMember(string name) => Members().IsMatch(name);

    [GeneratedRegex("^((Input|Output)(Length|Scale|ZeroPoint)|Labels|Run|Classify|ClassText|ClassCount|None|Threshold|DecisionReason|Reason|Probability|Probabilities|Calibrated|Settle"
        + "|scores|probabilities|probability|reason|isStale|isCounted|calibration|quantized|treeOutputs|results|Int(8|16)(Clamp|Wide)|(Int8|Int16|Float)Filled|Load|FileLength|file"
        + "|(A|K|W|Begin|Border|Window|Multiplier|Shift|Base|Offset|Sign|Half|Left|Right|Values|Map|Places|State|Cell|Products|Dots|Reset|Gates|Bias|Peepholes|Lines|Counted|Added|Sums|Table|Clamp|Wide|Curve|Exp|ExpSum|Reciprocal|Leaves|Ranks|Winners|CountTrees|Trees|Scale|Quantize|Step|Dequantize)[0-9_]+)$")]
    private static partial Regex Members();
}
