namespace EdgeInference.ModelConverter;

/// <summary>The forms in which a model becomes C# for nanoFramework.</summary>
public enum EmitForm
{
    /// <summary>The first of the others that fits.</summary>
    Auto,

    /// <summary>Straight-line code with the weights as constants: the fastest.</summary>
    Code,

    /// <summary>The bytes of the model as a constant, run by EdgeInference.Nano.</summary>
    Table,

    /// <summary>The same, the bytes in a file beside the code that is read in chunks.</summary>
    Resource,
}
