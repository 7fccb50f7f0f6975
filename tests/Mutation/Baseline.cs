namespace EdgeInference.Mutation;

/// <summary>The tests without a mutant: which pass, how long they take, what they reach.</summary>
internal sealed class Baseline(IReadOnlyList<TestClass> classes, string work, int mutants, int parallel, TextWriter log)
{
    private const int MostRuns = 3;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(15);

    private readonly HashSet<TestClass> measured = [];

    /// <summary>The classes that can be used, the cheapest first.</summary>
    internal async Task<List<TestClass>> MeasureAsync(IEnumerable<TestClass> some, bool trace)
    {
        List<TestClass> wanted = [.. some.Distinct()];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            wanted.Where(test => !measured.Contains(test) || trace && test.Reached.Length == 0 && !test.Unusable).ToList(),
            new ParallelOptions { MaxDegreeOfParallelism = parallel },
            async (test, _) => await MeasureAsync(test, trace));
        measured.UnionWith(wanted);
        return [.. wanted.Where(test => !test.Unusable).OrderBy(test => test.Time)];
    }

    internal async Task<List<TestClass>> AllAsync(bool trace)
    {
        log.WriteLine($"the tests without a mutant: {classes.Count} classes");
        return await MeasureAsync(classes, trace);
    }

    private async Task MeasureAsync(TestClass test, bool trace)
    {
        string file = Path.Combine(work, "traces", test.Name + ".trace");
        if (trace)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllBytesAsync(file, new byte[mutants + 1]);
        }

        for (int run = 1; run <= MostRuns; run++)
        {
            TestResult result = await test.Project.RunAsync([test], null, 0, trace ? file : null, Limit, stop: false);
            // The time of a traced run is higher than that of a run with a mutant.
            test.Time = result.Time;
            if (result.Passed)
            {
                break;
            }

            await File.AppendAllTextAsync(Path.Combine(work, test.Name + ".failure.txt"), result.Output);
            string[] methods = [.. result.Failed.Except(test.Left)];
            test.Unusable = run == MostRuns || methods.Length == 0;
            log.WriteLine($"left out: {(test.Unusable ? test.Name : string.Join(", ", methods))} fails without a mutant");
            if (test.Unusable)
            {
                return;
            }

            test.Left.AddRange(methods);
        }

        if (trace)
        {
            test.Reached = [.. (await File.ReadAllBytesAsync(file)).Select(value => value != 0)];
        }
    }
}
