using System.Globalization;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.ModelConverter.Numerics;
using EdgeInference.ModelConverter.Quantize;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>
/// Holds docs/activations.md to the code: an activation without a row, or with one that no longer says what the code does,
/// fails. EDGE_UPDATE_DOCS=1 in the environment writes the table anew.
/// </summary>
public class ActivationDocumentTests
{
    private const string Begin = "<!-- table: made by ActivationDocumentTests -->\n";
    private const string End = "<!-- end -->\n";

    [Fact]
    public void The_table_says_what_the_code_does()
    {
        string path = Path.Combine(Root(), "docs", "activations.md");
        string document = File.ReadAllText(path);
        int begin = document.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        int end = document.IndexOf(End, StringComparison.Ordinal);
        string table = Table();
        if (Environment.GetEnvironmentVariable("EDGE_UPDATE_DOCS") == "1")
        {
            File.WriteAllText(path, document[..begin] + table + document[end..]);
            return;
        }

        Assert.Equal(table, document[begin..end]);
    }

    private static string Table()
    {
        string text = "| activation | formula | range | monotonic | f(−1) | f(0) | f(1) | float32: ULP at most | int8: misrounded of 256 | int16: bytes | misrounded of 65,536 |\n"
            + "|---|---|---|---|--:|--:|--:|--:|--:|--:|--:|\n";
        foreach (ActivationFunction f in ActivationFunctions.All)
        {
            UnaryFunction function = UnaryFunction.Of(f.Kind);
            bool bounded = f.Range.Low >= -1 && f.Range.High <= 1;
            Int16Table table = Int16TableBuilder.Build(function, 1f / 4096, bounded ? 1f / 32768 : 1f / 4096);
            text += string.Create(
                CultureInfo.InvariantCulture,
                $"| {f.Name} | {f.Formula.Replace("|", "\\|", StringComparison.Ordinal)} | {Bound(f.Range.Low)} to {Bound(f.Range.High)} | {(f.IsMonotonic ? "yes" : "no")} | {f.Value(-1):0.######} | {f.Value(0):0.######} | {f.Value(1):0.######} | {f.Float32Ulps} | {MisroundedInt8(function, bounded)} | {table.Bytes:N0} | {table.Misrounded:N0} |\n");
        }

        return text;
    }

    // Against the referee alone, which knows nothing of doubles.
    private static int MisroundedInt8(UnaryFunction function, bool bounded)
    {
        const float InputScale = 1f / 16;
        float outputScale = bounded ? 1f / 128 : 1f / 16;
        sbyte[] table = TableBuilder.Int8(function, InputScale, 0, outputScale, 0);
        int wrong = 0;
        for (int i = 0; i < 256; i++)
        {
            BigReal exact = function.Precise!(BigReal.Of(InputScale * (i - 128.0)));
            BigReal magnitude = BigReal.Abs(exact);
            int rounded = 0;
            while (rounded < 128 && magnitude >= BigReal.Of(rounded + 0.5) * BigReal.Of(outputScale))
            {
                rounded++;
            }

            wrong += Math.Clamp(exact.IsNegative ? -rounded : rounded, -128, 127) == table[i] ? 0 : 1;
        }

        return wrong;
    }

    private static string Bound(double value) =>
        double.IsPositiveInfinity(value) ? "∞" : double.IsNegativeInfinity(value) ? "−∞" : value.ToString("0.####", CultureInfo.InvariantCulture);

    private static string Root()
    {
        string folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "EdgeInference.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The checkout's root was not found.");
        }

        return folder;
    }
}
