namespace EdgeInference.ModelConverter;

/// <summary>How a model becomes C#.</summary>
/// <param name="Namespace">Namespace of the classes.</param>
/// <param name="ClassName">Name of the class that a program calls.</param>
/// <param name="MaxAssemblies">Maximum number of assemblies, 1 or more; each is a separate file.</param>
public sealed record EmitOptions(string Namespace = "Models", string ClassName = "Model", int MaxAssemblies = 1)
{
    /// <summary>The form of the code.</summary>
    public EmitForm Form { get; init; } = EmitForm.Auto;

    /// <summary>What the names of further files begin with, where that is not the class: two models in one folder then keep theirs apart.</summary>
    internal string FilePrefix { get; init; } = "";

    /// <summary>Adds a Classify that takes raw counts and computes with integers only; null for none. Straight-line code only.</summary>
    public CountScaling? Counts { get; init; }
}
