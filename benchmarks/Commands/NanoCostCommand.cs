extern alias nano;

using System.CommandLine;
using System.Globalization;
using System.Text;
using EdgeInference.Benchmarks.NanoCost;
using EdgeInference.ModelConverter.Emit;
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
        var fixedTerms = new Option<string?>("--fixed") { Description = "Lines 'instructions|term|value' or 'bytes|term|value' of what is not fitted." };
        var output = new Option<string>("--output") { Description = "MeasuredTerms.cs.", Required = true };
        var fit = new Command("fit", "Fits the terms to what the programs counted.") { folder, files, source, fixedTerms, output };
        fit.SetAction(result => Fit(result.GetValue(folder)!, result.GetValue(files)!, result.GetValue(source)!, result.GetValue(fixedTerms), result.GetValue(output)!));
        return new Command("nano-cost", "The cost model of nanoFramework, docs/esp32.md.") { programs, fit };
    }

    private static void Programs(string folder, string[] files)
    {
        Directory.CreateDirectory(folder);
        IEnumerable<(string Name, byte[] File)> models = CalibrationModels.All().Concat(Held(files));
        foreach ((int index, string program) in MeasuringPrograms.Make(models.Select(model => (model.Name, model.File, IsChunked(model.File)))).Index())
        {
            File.WriteAllText(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"Measure{index}.cs")), program);
        }
    }

    private static int Fit(string folder, string[] files, string source, string? fixedFile, string output)
    {
        Dictionary<string, long> counts = Counts.Read(Directory.EnumerateFiles(folder, "*.txt").Order(StringComparer.Ordinal).SelectMany(File.ReadLines));
        Row[] rows = [.. Rows(CalibrationModels.All(), counts)];

        // What is measured otherwise: emitted code, and what a program holds for a moment only.
        string[][] given = fixedFile is null ? [] : [.. File.ReadLines(fixedFile).Select(line => line.Split('|'))];
        Dictionary<string, double> instructions = TermFit.Fit([.. rows.Where(row => row.Instructions > 0).Select(row => ((IReadOnlyDictionary<string, double>)row.Terms.Runs, row.Instructions))]);
        Dictionary<string, double> bytes = TermFit.Fit([.. rows.Select(row => ((IReadOnlyDictionary<string, double>)row.Terms.Holds.Where(term => !given.Any(parts => parts[1] == term.Key)).ToDictionary(), row.Heap))]);
        Console.WriteLine($"{rows.Count(row => row.Instructions > 0)} of {rows.Length} models were measured. Instructions, error of the estimate; bytes of the objects, error of the estimate:");
        foreach (Row row in rows.Concat(Rows(Held(files), counts)))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{row.Name,-40} {row.Instructions,13:N0} {(Sum(instructions, row.Terms.Runs) / row.Instructions) - 1,8:+0.0%;-0.0%} {row.Heap,10:N0} {(Sum(bytes, row.Terms.Holds) / row.Heap) - 1,8:+0.0%;-0.0%}"));
        }

        foreach (string[] parts in given)
        {
            (parts[0] == "bytes" ? bytes : instructions)[parts[1]] = double.Parse(parts[2], CultureInfo.InvariantCulture);
        }

        File.WriteAllText(output, Code(source, instructions, bytes));
        return 0;
    }

    private static IEnumerable<Row> Rows(IEnumerable<(string Name, byte[] File)> models, Dictionary<string, long> counts)
    {
        foreach ((string name, byte[] file) in models)
        {
            yield return Make(name, file, false);
            if (IsChunked(file))
            {
                yield return Make(name + MeasuringPrograms.Chunks, file, true);
            }
        }

        Row Make(string name, byte[] file, bool isChunked) =>
            new(name, Estimate.Terms(ModelFile.Read(new ModelBytes(file)), isChunked), counts.GetValueOrDefault(name), Heap(file, isChunked));
    }

    private static IEnumerable<(string Name, byte[] File)> Held(string[] files) =>
        ReferenceModels.All.Select(model => (model.Key, model.Value)).Concat(files.Select(path => (Path.GetFileNameWithoutExtension(path), File.ReadAllBytes(path))));

    private static bool IsChunked(byte[] file)
    {
        ModelFile model = ModelFile.Read(new ModelBytes(file));
        return ResourceForm.Obstacle(model) is null && model.Operators.Any(record => record.Info.Opcode is Opcode.Dense or Opcode.Conv);
    }

    private static double Heap(byte[] file, bool isChunked)
    {
        Device.NanoModel model = isChunked ? Device.NanoModel.Load((offset, count) => file[offset..(offset + count)], file.Length) : Device.NanoModel.Load(file);
        var session = new Device.NanoSession(model);
        session.Run(new float[session.InputLength], new float[session.OutputLength]);
        return HeapWalk.Of(session) - (isChunked ? 0 : HeapWalk.Of(file));
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

    private readonly record struct Row(string Name, CostTerms Terms, double Instructions, double Heap);
}
