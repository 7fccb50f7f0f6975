using System.CommandLine;
using System.Globalization;
using EdgeRuntime;
using ModelExporter.Data;

namespace ModelExporter.Commands;

/// <summary><c>edge bench</c>: latency and allocations of a model on this machine.</summary>
internal static class BenchCommand
{
    private const int Rows = 64;
    private const int AllocationRuns = 1000;

    internal static Command Create()
    {
        var model = new Argument<string>("model") { Description = "An .edge file." };
        var input = new Option<string?>("--input", "-i") { Description = "Rows to run on as .csv or .npy; random ones where it is left out." };
        Option<bool> json = CommonOptions.Json();
        var command = new Command("bench", "Latency and allocations of a model on this machine, one thread.") { model, input, json };
        command.SetAction(result =>
        {
            using EdgeModel edge = ModelLoader.Load(result.GetRequiredValue(model));
            string? path = result.GetValue(input);
            IReadOnlyList<float[]> rows = path is null ? RandomRows(edge.InputLength) : SampleReader.Read(path, edge);
            double microseconds = Latency.Microseconds(edge, rows);
            long allocated = Allocated(edge, rows[0]);
            if (result.GetValue(json))
            {
                JsonOutput.Print(new { MicrosecondsPerInference = microseconds, BytesAllocatedPerInference = allocated });
            }
            else
            {
                Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{microseconds:0.000} µs per inference (median), {allocated} bytes allocated per inference."));
            }

            return EdgeCommand.Done;
        });
        return command;
    }

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
}
