using EdgeInference.ModelFormat;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>A file at a bound of a check, or one past it, and what must become of it.</summary>
internal sealed record RuleRow(string Table, string Name, byte[] File)
{
    /// <summary>The section that the refusal names; null where the file is accepted.</summary>
    internal string? Section { get; init; }

    /// <summary>The end of the refusal's sentence, without the full stop.</summary>
    internal string Reason { get; init; } = "";

    /// <summary>The byte that the refusal names; −1 where it does not matter.</summary>
    internal int Offset { get; init; } = -1;

    /// <summary>Values of all inputs, where the file is run.</summary>
    internal float[]? Input { get; init; }

    /// <summary>Values of all outputs.</summary>
    internal double[] Expected { get; init; } = [];

    /// <summary>How far a result may be from them; 0 in fixed point.</summary>
    internal double Tolerance { get; init; }

    public override string ToString() => $"{Table}: {Name}";

    /// <summary>What is wrong with how a reader took the file; null where nothing is.</summary>
    internal string? Fault(string? section, int offset, string message)
    {
        if (Section is null)
        {
            return section is null ? null : $"{this}: refused: {message}";
        }

        if (section is null)
        {
            return $"{this}: accepted where '{Reason}' was due";
        }

        bool right = section == Section && message.EndsWith(Reason + ".", StringComparison.Ordinal) && (Offset < 0 || Offset == offset);
        return right ? null : $"{this}: refused for another reason than section '{Section}', byte {Offset}, '{Reason}': {message}";
    }

    /// <summary>How this library takes the file.</summary>
    internal string? Fault()
    {
        try
        {
            ModelFile.Read(new ModelBytes(File));
            return Fault(null, 0, "");
        }
        catch (ModelFormatException exception)
        {
            return Fault(exception.Section, exception.Offset, exception.Message);
        }
    }
}
