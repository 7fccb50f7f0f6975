using System.Globalization;
using System.Text;
using EdgeInference.Benchmarks.Models;

namespace EdgeInference.Benchmarks.Sources;

/// <summary>What differs between the two languages that loops are written in; statements are the same text in both.</summary>
internal abstract class SourceLanguage
{
    /// <summary>The most numbers that may stand in a source: more take a compiler too long.</summary>
    internal abstract int MostConstants { get; }

    /// <summary>Whether a layer's loop over outputs is inside, which gcc vectorises without permission to reorder sums; else each output is one sum.</summary>
    internal abstract bool IsOutputInside { get; }

    /// <summary>The name of a function of one float.</summary>
    internal abstract string Function(string name);

    /// <summary>A constant array.</summary>
    internal abstract string Constant(string name, string numbers, int count);

    /// <summary>Where an array that loops write is declared: before the function, and within it.</summary>
    internal abstract (string Before, string Within) Scratch(string name, int count);

    /// <summary>A function for one tree, which adds to sums.</summary>
    internal abstract string Tree(string name, string body);

    /// <summary>The whole: one inference, and the loop around it that goes through rows.</summary>
    internal abstract string Program(string declarations, string body, SourceSizes sizes);

    /// <summary>A literal that is the same float32 again.</summary>
    internal static string Literal(float value) => float.IsFinite(value)
        ? string.Create(CultureInfo.InvariantCulture, $"{value:E8}f")
        : throw new PeerException("a constant is not finite");

    internal static string Literals(IEnumerable<float> values)
    {
        var text = new StringBuilder();
        foreach (float value in values)
        {
            text.Append(Literal(value)).Append(',');
        }

        return text.ToString();
    }
}

/// <summary>Numbers of one row in and out, and rows of a call.</summary>
internal readonly record struct SourceSizes(int Features, int Outputs, int Batch);
