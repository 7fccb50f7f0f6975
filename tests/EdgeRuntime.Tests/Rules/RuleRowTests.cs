extern alias nano;

using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Stress;

namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>Files at each bound of each rule are accepted and right, and one past it refused by section, byte and reason.</summary>
public class RuleRowTests
{
    public static TheoryData<string> Tables => [.. RuleRows.All.Select(table => table.GetType().Name)];

    [Theory]
    [MemberData(nameof(Tables))]
    public void Each_row_is_accepted_or_refused_as_it_must(string table) => None(Rows(table).Select(row => row.Fault()).OfType<string>());

    [Theory]
    [MemberData(nameof(Tables))]
    public void Each_accepted_row_gives_what_it_must_on_every_engine(string table) => None(Rows(table).Where(row => row.Input is not null).SelectMany(Run));

    [Fact]
    public void No_accepted_row_leaves_its_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Guard pages are made with Linux's mmap.");
        DirectoryInfo folder = Directory.CreateTempSubdirectory("rule-rows");
        try
        {
            RuleRow[] accepted = [.. RuleRows.All.SelectMany(table => table.Rows).Where(row => row.Section is null && BitConverter.ToInt32(row.File, 8) == row.File.Length)];
            for (int i = 0; i < accepted.Length; i++)
            {
                File.WriteAllBytes(Path.Combine(folder.FullName, $"{i:D5}"), accepted[i].File);
            }

            (int exitCode, string output) = StressProcess.Run("bounds-files", folder.FullName);
            string last = output.Split('\n').LastOrDefault(line => line.Length == 5 && line.All(char.IsAsciiDigit)) ?? "0";
            Assert.True(exitCode == 0, $"{accepted[int.Parse(last, System.Globalization.CultureInfo.InvariantCulture)]} left its memory: {output[Math.Max(0, output.Length - 2000)..]}");
            Assert.Contains($"{accepted.Length} valid files", output, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(true);
        }
    }

    [Fact]
    public void Every_rule_names_the_operator_that_breaks_it()
    {
        RuleRow[] rows = [.. RuleRows.All.SelectMany(table => table.Rows)];
        Assert.All(Enumerable.Range(0, OperatorTable.Count).Select(i => OperatorTable.Row(i).Name), name =>
            Assert.Contains(rows, row => row.Reason.StartsWith($"operator 0 ({name}) ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_operator_runs_at_its_bounds_with_a_result() =>
        Assert.Empty(Enumerable.Range(0, OperatorTable.Count).Select(i => OperatorTable.Row(i).Opcode)
            .Except(RuleRows.All.SelectMany(table => table.Rows).Where(row => row.Input is not null).SelectMany(row => ModelFile.Read(new ModelBytes(row.File)).Operators.Select(record => record.Info.Opcode))));

    [Fact]
    public void Names_of_rows_are_told_apart() =>
        Assert.Empty(RuleRows.All.SelectMany(table => table.Rows).GroupBy(row => row.ToString()).Where(group => group.Count() > 1).Select(group => group.Key));

    private static void None(IEnumerable<string> faults) => Assert.True(!faults.Any(), string.Join(Environment.NewLine, faults));

    private static IEnumerable<RuleRow> Rows(string table) => RuleRows.All.Single(rows => rows.GetType().Name == table).Rows;

    private static IEnumerable<string> Run(RuleRow row)
    {
        if (row.Fault() is not null)
        {
            yield break;
        }

        using EdgeModel model = EdgeModel.Load(row.File);
        foreach (KernelSet kernels in Enum.GetValues<KernelSet>())
        {
            using Session session = model.CreateSession(kernels);
            float[] output = new float[session.OutputLength];
            session.Run(row.Input, output);
            if (Difference(row, output) is { } difference)
            {
                yield return $"{row}, {kernels}: {difference}";
            }
        }

        var device = new nano::EdgeInference.Nano.NanoSession(nano::EdgeInference.Nano.NanoModel.Load(row.File));
        float[] small = new float[device.OutputLength];
        device.Run(row.Input!, small);
        if (Difference(row, small) is { } fault)
        {
            yield return $"{row}, nanoFramework: {fault}";
        }
    }

    private static string? Difference(RuleRow row, float[] output)
    {
        bool same = output.Length == row.Expected.Length && output.Zip(row.Expected).All(pair => pair.First.Equals((float)pair.Second) || Math.Abs(pair.First - pair.Second) <= row.Tolerance);
        return same ? null : $"expected {string.Join(", ", row.Expected.Take(20))}, was {string.Join(", ", output.Take(20))}";
    }
}
