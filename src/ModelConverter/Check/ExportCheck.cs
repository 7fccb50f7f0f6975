using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;

namespace EdgeInference.ModelConverter.Check;

/// <summary>
/// Compares an exported model with its source: the graph as it was imported, unoptimised, evaluated in double precision, beside the
/// float32 model and the quantized one on the engine.
/// </summary>
internal sealed class ExportCheck
{
    private const int MostRows = 32;

    // About a second of double precision; a model that needs more for a single row is compared with itself in float32.
    private const double WorkOfAllRows = 5e8;
    private const double MostWorkOfARow = 8e9;

    private readonly string? missing;
    private readonly Func<float[], double[]> reference;
    private readonly Func<int, float[][]> make;
    private readonly int mostRows;

    private ExportCheck(string? missing, Func<float[], double[]> reference, Func<int, float[][]> make, int mostRows)
    {
        this.missing = missing;
        this.reference = reference;
        this.make = make;
        this.mostRows = mostRows;
    }

    /// <summary>Takes note of a source graph before passes change it; null if it can neither be evaluated in double precision nor run.</summary>
    internal static ExportCheck? Of(Graph source)
    {
        Graph copy = GraphCopy.Copy(source);
        double work = Work.Of(copy);
        string? missing = DoubleEvaluator.Missing(copy) ?? (work > MostWorkOfARow ? "a model of this size" : null);
        var evaluator = new DoubleEvaluator(copy);
        return missing is not null && !CanRun(copy) ? null : new ExportCheck(
            missing,
            missing is null ? row => evaluator.Run(row) : row => Array.ConvertAll(Engine(copy, [row])[0], value => (double)value),
            count => SampleRows.Make(copy, count),
            (int)Math.Clamp(WorkOfAllRows / Math.Max(work, 1), 1, MostRows));
    }

    /// <summary>A source that is no graph, as what a trainer has in double precision.</summary>
    internal static ExportCheck Of(Func<float[], double[]> reference) => new(null, reference, _ => [], MostRows);

    /// <summary>Compares.</summary>
    /// <param name="float32">The optimised graph in float32.</param>
    /// <param name="final">The graph that is written; the same one where it is not quantized.</param>
    /// <param name="given">Rows that someone gave, or none: then rows are made.</param>
    /// <param name="origin">What the given rows are called.</param>
    internal CheckResult Compare(Graph float32, Graph final, IReadOnlyList<float[]> given, string origin)
    {
        float[][] rows = given.Count == 0 ? make(mostRows) : Spread(given, mostRows);
        double[][] expected = Array.ConvertAll(rows, row => reference(row));
        return new CheckResult(
            missing is null ? "float64" : "float32",
            missing,
            rows.Length,
            given.Count == 0 ? "made" : origin,
            Deviation(expected, Engine(float32, rows)),
            ReferenceEquals(float32, final) ? null : Deviation(expected, Engine(final, rows)));
    }

    // Some operators that importers leave are for passes to take away.
    private static bool CanRun(Graph graph)
    {
        try
        {
            ModelWriter.Write(GraphCopy.Copy(graph));
            return true;
        }
        catch (ModelFormatException)
        {
            return false;
        }
    }

    // Evenly over all: files are often sorted by class.
    private static float[][] Spread(IReadOnlyList<float[]> rows, int most) =>
        rows.Count <= most ? [.. rows] : [.. Enumerable.Range(0, most).Select(i => rows[(int)((long)i * rows.Count / most)])];

    private static float[][] Engine(Graph graph, float[][] rows)
    {
        Graph copy = GraphCopy.Copy(graph);
        copy.Metadata = new GraphMetadata();
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(copy));
        using Session session = model.CreateSession();
        return Array.ConvertAll(rows, row =>
        {
            var output = new float[session.OutputLength];
            session.Reset();
            session.Run(row, output);
            return output;
        });
    }

    private static double Deviation(double[][] expected, float[][] actual)
    {
        double worst = 0;
        for (int row = 0; row < expected.Length; row++)
        {
            double largest = expected[row].Where(double.IsFinite).Select(Math.Abs).Append(1).Max();
            for (int i = 0; i < expected[row].Length; i++)
            {
                worst = Math.Max(worst, Deviation(expected[row][i], actual[row][i], largest));
            }
        }

        return worst;
    }

    // What double precision holds and float32 does not, as 1e40, is infinite there by right.
    private static double Deviation(double expected, float actual, double largest)
    {
        if ((double.IsNaN(expected) && float.IsNaN(actual)) || (float)expected == actual)
        {
            return 0;
        }

        double deviation = Math.Abs(actual - expected) / largest;
        return double.IsNaN(deviation) ? double.PositiveInfinity : deviation;
    }
}
