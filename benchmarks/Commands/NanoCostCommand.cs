extern alias nano;

using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeInference.Benchmarks.NanoCost;
using EdgeInference.ModelConverter.Operators.Cost;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Stress;
using Device = nano::EdgeInference.Nano;
using Estimate = EdgeInference.ModelConverter.Emit.NanoCost;

namespace EdgeInference.Benchmarks.Commands;

/// <summary>Measures the terms of the cost model again: writes programs for a nanoCLR, and reads what they counted.</summary>
internal static class NanoCostCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>("folder") { Description = "Where the programs are, or the lines that they wrote, *.txt." };
        var files = new Argument<string[]>("models") { Description = "Models to measure beside the calibration's own." };
        var programs = new Command("programs", "Writes the measuring programs.") { folder, files };
        programs.SetAction(result => Programs(result.GetValue(folder)!, result.GetValue(files)!));
        var source = new Option<string>("--source") { Description = "Date, interpreter and commit.", Required = true };
        var heap = new Option<string?>("--heap") { Description = "Lines 'name bytes' of measured heaps of models." };
        var output = new Option<string>("--output") { Description = "MeasuredTerms.cs.", Required = true };
        var fit = new Command("fit", "Fits the terms to what the programs counted.") { folder, files, source, heap, output };
        fit.SetAction(result => Fit(result.GetValue(folder)!, result.GetValue(files)!, result.GetValue(source)!, result.GetValue(heap), result.GetValue(output)!));
        return new Command("nano-cost", "The cost model of nanoFramework, docs/esp32.md.") { programs, fit };
    }

    private static void Programs(string folder, string[] files)
    {
        Directory.CreateDirectory(folder);
        foreach ((int index, string program) in MeasuringPrograms.Make(CalibrationModels.All().Concat(ReferenceModels.All.Select(model => (model.Key, model.Value))).Concat(Named(files))).Index())
        {
            File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"Measure{index}.cs")), program);
        }
    }

    private static int Fit(string folder, string[] files, string source, string? heapFile, string output)
    {
        Dictionary<string, long> counts = Counts.Read(Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(File.ReadLines));
        (string Name, byte[] File)[] calibration = [.. CalibrationModels.All()];
        (string Name, CostTerms Terms, double Instructions, double Heap)[] rows =
            [.. calibration.Where(model => counts.ContainsKey(model.Name)).Select(model => (model.Name, Terms(model.File), (double)counts[model.Name], Heap(model.File)))];
        Console.WriteLine($"{rows.Length} of {calibration.Length} models were measured.");
        Dictionary<string, double> instructions = TermFit.Fit([.. rows.Select(row => ((IReadOnlyDictionary<string, double>)row.Terms.Runs, row.Instructions))]);
        Dictionary<string, double> bytes = TermFit.Fit([.. rows.Select(row => ((IReadOnlyDictionary<string, double>)row.Terms.Holds, row.Heap))]);
        foreach (var row in rows.Select(row => (row.Name, Run: (Sum(instructions, row.Terms.Runs) / row.Instructions) - 1, Hold: (Sum(bytes, row.Terms.Holds) / row.Heap) - 1, row.Instructions, row.Heap)).OrderByDescending(row => Math.Max(Math.Abs(row.Run), Math.Abs(row.Hold))))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name,-40} {row.Instructions,12:N0} {row.Run,8:+0.0%;-0.0%} {row.Heap,10:N0} {row.Hold,8:+0.0%;-0.0%}"));
        }

        foreach ((string name, byte[] file) in ReferenceModels.All.Select(model => (model.Key, model.Value)).Concat(Named(files)))
        {
            CostTerms terms = Terms(file);
            double walked = Heap(file);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"= {name,-38} {counts.GetValueOrDefault(name),12:N0} {(Sum(instructions, terms.Runs) / Math.Max(1, counts.GetValueOrDefault(name))) - 1,8:+0.0%;-0.0%} {walked,10:N0} {(Sum(bytes, terms.Holds) / walked) - 1,8:+0.0%;-0.0%}"));
        }

        File.WriteAllText(output, Code(source, instructions, bytes));
        return 0;
    }

    private static IEnumerable<(string Name, byte[] File)> Named(string[] files) => files.Select(path => (Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path)));

    private static CostTerms Terms(byte[] file) => Estimate.Terms(ModelFile.Read(new ModelBytes(file)));

    // The first run makes what is made once.
    private static double Heap(byte[] file)
    {
        var session = new Device.NanoSession(Device.NanoModel.Load(file));
        return HeapWalk.Of(session) - HeapWalk.Of(file);
    }

    private static double Sum(Dictionary<string, double> measured, Dictionary<string, double> terms) => terms.Sum(term => term.Value * measured.GetValueOrDefault(term.Key));

    private static string Code(string source, Dictionary<string, double> instructions, Dictionary<string, double> bytes)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            namespace EdgeInference.ModelConverter.Operators.Cost;

            /// <summary>What the terms of the cost model take. Written by <c>benchmarks -- nano-cost fit</c>; docs/esp32.md says how to measure again.</summary>
            internal static class MeasuredTerms
            {
                /// <summary>When, and on what.</summary>
                internal const string Source = "{{source}}";

                /// <summary>Machine instructions of a term each time that it runs.</summary>
                internal static IReadOnlyDictionary<string, double> Instructions { get; } = new Dictionary<string, double>
                {
            {{Lines(instructions)}}    };

                /// <summary>Bytes of the heap of a term each time that it is held.</summary>
                internal static IReadOnlyDictionary<string, double> Bytes { get; } = new Dictionary<string, double>
                {
            {{Lines(bytes)}}    };
            }

            """);
        return text.ToString();

        static string Lines(Dictionary<string, double> terms) => string.Concat(terms.OrderBy(term => term.Key, StringComparer.Ordinal).Select(term =>
            string.Create(CultureInfo.InvariantCulture, $"        [\"{term.Key}\"] = {term.Value:0.####},\n")));
    }
}
