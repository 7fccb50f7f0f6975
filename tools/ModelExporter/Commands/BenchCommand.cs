using System.CommandLine;
using System.Globalization;
using EdgeInference.ModelConverter.Data;
using EdgeInference.Runtime;
using EdgeInference.Tool.Execution;
using EdgeInference.Tool.Summaries;
using Spectre.Console;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge bench</c>: latency and allocations of a model on this machine.</summary>
internal static class BenchCommand
{
    private const int Rows = 64;
    private const int AllocationRuns = 1000;

    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file." };
        var input = new Option<string?>("--input", "-i") { Description = "Rows to run on as .csv or .npy; random rows by default." };
        var operators = new Option<bool>("--operators") { Description = "Also show the time of each operator, with fast and with scalar kernels." };
        var format = new CsvFormatOptions();
        Option<bool> json = CommonOptions.Json();
        var command = new Command("bench", "Latency and allocations of a model on this machine, one thread.") { model, input, operators, json };
        format.AddTo(command);
        command.SetAction(result =>
        {
            using EdgeModel edge = ModelLoader.Load(result.GetRequiredValue(model));
            string? path = result.GetValue(input);
            IReadOnlyList<float[]> rows = path is null ? RandomRows(edge.InputLength) : SampleReader.Read(path, edge, format: format.Of(result));
            double microseconds = Latency.Microseconds(edge, rows);
            long allocated = Allocated(edge, rows[0]);
            OperatorTime[] times = result.GetValue(operators) ? TimeOperators(edge, rows) : [];
            if (result.GetValue(json))
            {
                JsonOutput.Print(new { MicrosecondsPerInference = microseconds, BytesAllocatedPerInference = allocated, Operators = times });
            }
            else
            {
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.000} µs per inference (median), {allocated} bytes allocated per inference."));
                Print(times);
            }

            return EdgeCommand.Done;
        });
        return command;
    }

    private static OperatorTime[] TimeOperators(EdgeModel model, IReadOnlyList<float[]> rows)
    {
        (double[] fast, double[] reference) = OperatorTimes.OfOperators(model, rows);
        return [.. ModelSummary.Of(model).Operators.Select((row, i) => new OperatorTime(i, row.Operator, row.Output, row.MultiplyAccumulates, fast[i], reference[i]))];
    }

    private static void Print(OperatorTime[] times)
    {
        if (times.Length == 0)
        {
            return;
        }

        double sum = times.Sum(time => time.FastNanoseconds);
        var table = new Spectre.Console.Table { Border = Terminal.Border };
        table.AddColumns("#", "operator", "output", "multiply-accumulates", "ns", "of all", "scalar kernel, ns");
        foreach (OperatorTime time in times)
        {
            table.AddRow(
                Text($"{time.Index}"),
                time.Operator,
                Markup.Escape(time.Output),
                Text($"{time.MultiplyAccumulates:N0}"),
                Text($"{time.FastNanoseconds:N0}"),
                Text($"{time.FastNanoseconds / sum:P0}"),
                Text($"{time.ReferenceNanoseconds:N0}"));
        }

        Terminal.Console.Write(table);
    }

    private static string Text(FormattableString text) => FormattableString.Invariant(text);

    private static float[][] RandomRows(int length)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Rows).Select(_ => Enumerable.Range(0, length).Select(_ => (random.NextSingle() * 2) - 1).ToArray())];
    }

    private static long Allocated(EdgeModel model, float[] row)
    {
        using Session session = model.CreateSession();
        var output = new float[session.OutputLength];
        session.Run(row, output);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < AllocationRuns; i++)
        {
            session.Run(row, output);
        }

        return (GC.GetAllocatedBytesForCurrentThread() - before) / AllocationRuns;
    }

    /// <summary>The time of one operator on this machine, medians, one thread; 0 for one without work at run time.</summary>
    private sealed record OperatorTime(int Index, string Operator, string Output, long MultiplyAccumulates, double FastNanoseconds, double ReferenceNanoseconds);
}
