using System.CommandLine;

namespace EdgeInference.Tool.Commands;

/// <summary>Options that say which parts of a file are left out.</summary>
internal sealed class PartOptions
{
    private readonly Option<string?> strip = new Option<string?>("--strip") { Description = $"Parts to leave out of the file, separated by commas: {PartNames.Known}. No decision changes." }.Offer(PartNames.Known.Split(", "), isList: true);
    private readonly Option<bool> tensorNames = new("--tensor-names") { Description = "Keep the names of tensors, which 'edge report' shows; they are left out by default." };

    internal void AddTo(Command command)
    {
        command.Options.Add(strip);
        command.Options.Add(tensorNames);
    }

    /// <summary>The parts that are left out.</summary>
    /// <exception cref="InputException">A part is not known, or is to be left out and kept.</exception>
    internal FileParts Of(ParseResult result)
    {
        FileParts stripped = result.GetValue(strip) is { } list ? PartNames.Parse("--strip", list) : FileParts.None;
        if (!result.GetValue(tensorNames))
        {
            return stripped | FileParts.TensorNames;
        }

        return stripped.HasFlag(FileParts.TensorNames)
            ? throw new UsageException("--strip leaves tensor names out and --tensor-names keeps them; give one of the two.")
            : stripped;
    }

    /// <summary>Says what was left out.</summary>
    internal static void Print(FileParts parts)
    {
        if (parts != FileParts.None)
        {
            Terminal.Notes.WriteLine($"Left out: {PartNames.Text(parts)}{(parts == FileParts.TensorNames ? " (only 'edge report' shows them; --tensor-names keeps them)" : "")}.");
        }
    }
}
