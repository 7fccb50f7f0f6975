namespace EdgeInference.Mutation;

/// <summary>Runs the tests that could catch a mutant, until one does.</summary>
internal static class Trial
{
    /// <summary>Starting a process costs as much as a small class: cheap ones of a project share one.</summary>
    private static readonly TimeSpan[] Shared = [TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(15)];

    internal static async Task<Verdict> OfTestsAsync(Mutant mutant, int number, IReadOnlyList<TestClass> classes, bool rebuilt = false)
    {
        double seconds = 0;
        foreach (List<TestClass> batch in Batches(classes))
        {
            TimeSpan limit = Limit(batch.Sum(test => test.Time.TotalSeconds));
            TestResult result = await batch[0].Project.RunAsync(batch, null, number, null, limit, stop: true);
            seconds += result.Time.TotalSeconds;
            if (!result.Passed)
            {
                return Caught(mutant, result, classes.Count, seconds, rebuilt);
            }
        }

        return new Verdict(mutant, false, false, [], classes.Count, seconds, rebuilt);
    }

    internal static async Task<Verdict?> OfNamedAsync(Mutant mutant, int number, IReadOnlyList<(TestClass Test, string? Method)> named, bool rebuilt = false)
    {
        foreach ((TestClass test, string? method) in named)
        {
            TestResult result = await test.Project.RunAsync([test], method, number, null, Limit(test.Time.TotalSeconds), stop: true);
            if (!result.Passed)
            {
                return Caught(mutant, result, null, result.Time.TotalSeconds, rebuilt);
            }
        }

        return null;
    }

    internal static IEnumerable<List<TestClass>> Batches(IReadOnlyList<TestClass> classes)
    {
        IEnumerable<TestClass> left = classes;
        foreach (TimeSpan most in Shared)
        {
            List<TestClass> cheap = [.. left.Where(test => test.Time <= most)];
            left = left.Except(cheap);
            foreach (IGrouping<TestProject, TestClass> batch in cheap.GroupBy(test => test.Project).OrderBy(batch => batch.Sum(test => test.Time.TotalSeconds)))
            {
                yield return [.. batch.OrderBy(test => test.Time)];
            }
        }

        foreach (TestClass test in left.OrderBy(test => test.Time))
        {
            yield return [test];
        }
    }

    // Generous, since other work may share the machine: a hang is the rarer fault.
    private static TimeSpan Limit(double seconds) => TimeSpan.FromSeconds(60 + 8 * seconds);

    private static Verdict Caught(Mutant mutant, TestResult result, int? reached, double seconds, bool rebuilt) =>
        new(mutant, true, result.Hung, result.Hung ? ["hung"] : result.Failed.Count > 0 ? result.Failed : ["crashed"], reached, seconds, rebuilt);
}
