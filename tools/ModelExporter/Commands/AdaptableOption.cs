using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.Runtime;
using EdgeInference.Tool.Summaries;

namespace EdgeInference.Tool.Commands;

/// <summary>The option that prepares a model to learn on a device, shared by the commands that write models.</summary>
internal sealed class AdaptableOption
{
    private const string Layer = "layer";
    private const string Classes = "classes";
    private const string Anomalies = "anomalies";

    private readonly Option<string?> heads = new Option<string?>("--adaptable")
    {
        Description = "Prepare an int8 or int16 model to learn on a device, all of it or what is named, separated by commas: layer, classes (room for 4 that are added; classes:8 for 8) and anomalies, as in --adaptable=layer,classes.",
        Arity = ArgumentArity.ZeroOrOne,
    }.Offer([Layer, Classes, Anomalies], isList: true);

    /// <summary>Adds the option to a command.</summary>
    internal void AddTo(Command command) => command.Add(heads);

    /// <summary>What the model is to learn; null where it is not asked for.</summary>
    /// <exception cref="UsageException">A head is not known or named twice.</exception>
    internal AdaptableOptions? Of(ParseResult result)
    {
        if (result.GetResult(heads) is null)
        {
            return null;
        }

        var defaults = new AdaptableOptions();
        if (CommonOptions.Split(result.GetValue(heads)) is not { Length: > 0 } words)
        {
            return defaults;
        }

        AdaptableOptions options = defaults with { LastLayer = false, AddedClasses = 0, Anomalies = false };
        var named = new HashSet<string>();
        foreach (string word in words)
        {
            string head = word.Split(':')[0];
            if (!named.Add(head))
            {
                throw new UsageException($"--adaptable names '{head}' twice; name each head once.");
            }

            options = head switch
            {
                Layer when word == head => options with { LastLayer = true },
                Anomalies when word == head => options with { Anomalies = true },
                Classes => options with { AddedClasses = word == head ? defaults.AddedClasses : Room(word) },
                _ => throw new UsageException($"--adaptable does not know '{word}'; it knows {Layer}, {Classes} (or {Classes}:N) and {Anomalies}, separated by commas, and stands alone for all of them."),
            };
        }

        return options;
    }

    /// <summary>Refuses at once what would be refused after training.</summary>
    /// <exception cref="UsageException">The precision has other bits on other engines.</exception>
    internal static void CheckPrecision(AdaptableOptions? options, Precision? precision)
    {
        if (options is not null && precision == Precision.Float32)
        {
            throw new UsageException("--adaptable needs a model in fixed point, whose bits are the same on every engine; write --precision int8 or --precision int16 too.");
        }
    }

    /// <summary>What a written model can learn; null where it was not asked for.</summary>
    internal static LearningSummary? Prepared(ExportedModel exported)
    {
        if (exported.Draft.Graph.Metadata.Learning is null)
        {
            return null;
        }

        using EdgeModel model = EdgeModel.Load(exported.File);
        return LearningSummary.Of(model);
    }

    /// <summary>Prints it; nothing where there is none.</summary>
    internal static void Print(LearningSummary? learning)
    {
        if (learning is not null)
        {
            Terminal.Notes.WriteLine(learning.Sentence);
        }
    }

    private static int Room(string word) => int.TryParse(word.AsSpan(Classes.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int count) && count is >= 1 and <= 32
        ? count
        : throw new UsageException($"--adaptable={word} gives room for no number of classes that can be added; write {Classes}:1 to {Classes}:32.");
}
