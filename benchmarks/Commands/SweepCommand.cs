using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using EdgeInference.Benchmarks.Numerics;

namespace EdgeInference.Benchmarks.Commands;

/// <summary><c>sweep</c>: the float32 kernels against double precision over every bit pattern.</summary>
internal static class SweepCommand
{
    internal static Command Create()
    {
        var functions = new Argument<string[]>("functions") { Description = "Which functions; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var every = new Option<uint>("--every") { Description = "Take every N-th bit pattern, N odd so that all binades are met.", DefaultValueFactory = _ => 1 };
        var command = new Command("sweep", "Compare float32 kernels with double precision over all 4,294,967,296 bit patterns.") { functions, every };
        command.SetAction(result =>
        {
            string[] names = result.GetValue(functions) is { Length: > 0 } named ? named : [.. UlpSweep.Functions];
            Console.WriteLine("function | inputs | max ULP | at | not nearest | unlike scalar | NaN wrong | seconds");
            Console.WriteLine("--- | ---: | ---: | ---: | ---: | ---: | ---: | ---:");
            foreach (string name in names)
            {
                var clock = Stopwatch.StartNew();
                UlpResult r = UlpSweep.Run(name, result.GetValue(every));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{r.Function} | {r.Inputs:N0} | {r.MaxUlp:F3} | {r.WorstInput:R} | {r.Misrounded:N0} | {r.Unlike:N0} | {r.Special:N0} | {clock.Elapsed.TotalSeconds:F0}"));
            }
        });
        return command;
    }
}
