using System.CommandLine;
using EdgeInference.Benchmarks.Cases;
using EdgeInference.Benchmarks.Contenders;
using EdgeInference.Benchmarks.Models;
using EdgeInference.ModelConverter.Check;

namespace EdgeInference.Benchmarks.Commands;

/// <summary><c>compare</c>: our engine beside all peers, as one table of ratios.</summary>
internal static class CompareCommand
{
    internal static Command Create()
    {
        var rounds = new Option<int>("--rounds") { Description = "Rounds of each contender; medians are over these.", DefaultValueFactory = _ => 101 };
        var only = new Option<string>("--only") { Description = "Only models whose name contains this text.", DefaultValueFactory = _ => "" };
        var command = new Command("compare", "Every model beside ONNX Runtime in float32 and int8, ML.NET, TensorPrimitives, plain C# and C: one table.") { rounds, only };
        command.SetAction(result => Run(result.GetValue(rounds), result.GetValue(only)!));
        return command;
    }

    /// <summary>Prints the table.</summary>
    /// <returns>0, or 1 where engines disagree or no model has the name.</returns>
    internal static int Run(int rounds, string only)
    {
        bool agree = true;
        int models = 0;
        foreach (ModelCase model in ModelCases.All(only))
        {
            if (models++ == 0)
            {
                Console.WriteLine($"{MachineText.Line()}\n");
                Console.WriteLine(ComparisonTable.Header);
            }

            agree &= Measure(model, rounds);
        }

        if (models == 0)
        {
            Console.Error.WriteLine($"No model has '{only}' in its name; leave --only out to see all names.");
        }

        return agree && models > 0 ? 0 : 1;
    }

    private static bool Measure(ModelCase model, int rounds)
    {
        List<ModelContender> engines = ModelEngines.Of(model);
        bool agree = Agreement.Keep(model.Name, engines);
        PeakContender[] peaks = [.. model.Precisions.Where(_ => model.IsProducts).Select(precision => new PeakContender(precision)).Where(peak => peak.Products > 0)];
        double[] medians = Comparison.Run([.. engines, .. peaks], rounds, clock: ThreadClock.Seconds);
        Dictionary<Engine, double> times = engines.Select((engine, i) => (engine.Engine, medians[i])).ToDictionary();
        double work = Work.Of(model.Graph) * model.Batch;
        foreach (Precision precision in model.Precisions.Where(precision => times.ContainsKey(Engines.Of(precision))))
        {
            int peak = Array.FindIndex(peaks, peak => peak.Precision == precision);
            double share = peak < 0 ? 0 : work / times[Engines.Of(precision)] / (peaks[peak].Products / medians[engines.Count + peak]);
            Console.WriteLine(ComparisonTable.Line(model, precision, times, share));
        }

        engines.ForEach(engine => engine.Dispose());
        return agree;
    }
}
