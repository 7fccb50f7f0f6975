namespace EdgeInference.ModelConverter.Data;

/// <summary>What a column of a table holds.</summary>
internal enum ColumnKind
{
    /// <summary>Numbers.</summary>
    Number,

    /// <summary>Two texts such as no and yes, or the numbers 0 and 1.</summary>
    Boolean,

    /// <summary>Few different texts.</summary>
    Category,

    /// <summary>Dates or times.</summary>
    DateTime,

    /// <summary>A text or a whole number of its own in nearly every row.</summary>
    Identifier,

    /// <summary>The same value in every row.</summary>
    Constant,

    /// <summary>Numbers that vary by too little or too much for float32.</summary>
    OutOfScale,

    /// <summary>Many different texts.</summary>
    FreeText,

    /// <summary>No value at all.</summary>
    Empty,
}
