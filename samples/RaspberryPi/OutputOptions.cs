namespace EdgeDevice;

/// <summary>The section "Edge:Output".</summary>
internal sealed class OutputOptions
{
    /// <summary>The pin's number (BCM), −1 for no pin.</summary>
    public int Pin { get; set; } = -1;

    /// <summary>Text of the class for which the pin is on.</summary>
    public string Class { get; set; } = "";

    /// <summary>Number of the class for which the pin is on, for a model whose classes have no texts.</summary>
    public int? Label { get; set; }

    /// <summary>Whether the pin's levels are said on the console instead of driven, for a machine without pins.</summary>
    public bool Simulated { get; set; }

    public bool ActiveLow { get; set; }

    public bool SafeOn { get; set; }
}
