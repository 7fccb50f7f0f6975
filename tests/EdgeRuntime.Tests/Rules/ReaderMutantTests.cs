namespace EdgeInference.Runtime.Tests.Rules;

/// <summary>
/// The rows hold every check: each comparison of the reader and its rules is moved by one, each operand and each call left out,
/// and a row must be taken otherwise than it must. A new check fails here until its rows are written.
/// </summary>
public class ReaderMutantTests
{
    [Fact]
    public void Each_mutant_of_the_reader_is_noticed_by_a_row()
    {
        var mutants = new ReaderMutants();
        RuleRow[] rows = [.. RuleRows.All.SelectMany(table => table.Rows).OrderBy(row => row.File.Length)];
        var passing = new List<RuleRow>[mutants.All.Count];
        for (int i = 0; i < passing.Length; i++)
        {
            passing[i] = [];
        }

        foreach (RuleRow row in rows)
        {
            Array.Clear(mutants.Seen);
            Assert.Null(mutants.Fault(row, -1));
            for (int i = 0; i < passing.Length; i++)
            {
                if (mutants.Seen[i])
                {
                    passing[i].Add(row);
                }
            }
        }

        string[] living =
        [
            .. Enumerable.Range(0, passing.Length)
                .Where(i => !SameMutants.Contains(mutants.All[i]) && !passing[i].Any(row => mutants.Fault(row, i) is not null))
                .Select(i => $"{mutants.All[i]}{(passing[i].Count == 0 ? ", which no row passes" : "")}"),
        ];
        Assert.True(living.Length == 0, $"{living.Length} of {passing.Length} live:{Environment.NewLine}{string.Join(Environment.NewLine, living)}");
    }
}
