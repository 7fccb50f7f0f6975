using Microsoft.CodeAnalysis.Text;

namespace EdgeInference.Mutation;

/// <summary>How a mutant is switched.</summary>
internal enum Shape
{
    /// <summary>Either one expression or the other.</summary>
    Choice,

    /// <summary>Either one statement or the other.</summary>
    Statement,

    /// <summary>A condition that is evaluated and does not hold.</summary>
    Never,

    /// <summary>A condition that is evaluated and holds.</summary>
    Always,

    /// <summary>A condition that holds where it should not.</summary>
    Negated,
}

/// <summary>A stretch of a source file and what stands there instead.</summary>
internal sealed record Edit(TextSpan Span, string NewText, Shape Shape);

/// <summary>One small fault in one source file.</summary>
internal sealed class Mutant
{
    /// <summary>What switches it on: EDGE_MUTANT has this number.</summary>
    public int Number { get; set; }

    public required string Area { get; init; }

    /// <summary>A listed fault's name, or the kind of an automatic one.</summary>
    public required string Name { get; init; }

    public required string File { get; init; }

    public required int Line { get; init; }

    public required string Original { get; init; }

    public required string Replacement { get; init; }

    /// <summary>The places where it can be switched, the smallest first; the next is tried where one does not compile.</summary>
    public required IReadOnlyList<Edit> Forms { get; init; }

    /// <summary>The change as it is built where it cannot be switched.</summary>
    public Edit? Plain { get; init; }

    public Fault? Fault { get; init; }

    public int Form { get; set; }

    public Edit? Active => Form < Forms.Count ? Forms[Form] : null;

    public string Place => $"{File}:{Line}";
}
