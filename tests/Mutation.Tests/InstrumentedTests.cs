namespace EdgeInference.Mutation.Tests;

public class InstrumentedTests
{
    private const string Source = """
        public static class C
        {
            private const int Most = 4;

            public static int M(int a, int b)
            {
                int sum = a + b;
                if (sum > Most)
                {
                    return Most;
                }

                sum *= 2;
                return sum;
            }
        }
        """;

    private static Fault Fault(string original, string replacement, string? member = "M") => new("rules", "f", "C.cs", member, original, replacement, [], false, "rules.txt:1");

    private static MutatedSource Switched(params Mutant[] mutants)
    {
        foreach ((int index, Mutant mutant) in mutants.Index())
        {
            mutant.Number = index + 1;
        }

        string text = new Instrumented(Source, mutants).Text;
        Assert.Equal(Source.Split('\n').Length, text.Split('\n').Length);
        return new MutatedSource(text);
    }

    [Fact]
    public void Listed_faults_stand_side_by_side_and_one_is_on()
    {
        MutatedSource source = Switched(
            FaultPlaces.Find(Fault("sum > Most", "sum >= Most"), Source),
            FaultPlaces.Find(Fault("a + b", "a - b"), Source),
            FaultPlaces.Find(Fault("sum *= 2;", ""), Source),
            FaultPlaces.Find(Fault("int sum = a + b;", "int sum = a + 1;"), Source),
            FaultPlaces.Find(Fault("if (sum > Most) { return Most; }", ""), Source));
        Assert.Equal(6, source.Run(0, 1, 2));
        Assert.Equal(8, source.Run(0, 2, 2));
        Assert.Equal(4, source.Run(1, 2, 2));
        Assert.Equal(-2, source.Run(2, 1, 2));
        Assert.Equal(3, source.Run(3, 1, 2));
        Assert.Equal(4, source.Run(4, 1, 2));
        Assert.Equal(20, source.Run(5, 5, 5));
    }

    [Fact]
    public void A_number_of_another_type_takes_the_expression_around_it()
    {
        string source = Source.Replace("a + b", "(int)(4 * (a / 2.0)) + b", StringComparison.Ordinal);
        Mutant mutant = FaultPlaces.Find(Fault("a / 2.0", "a / 2"), source);
        mutant.Number = 1;
        var switched = new MutatedSource(new Instrumented(source, [mutant]).Text);
        Assert.Equal(4, switched.Run(0, 1, 0));
        Assert.Equal(0, switched.Run(1, 1, 0));
    }

    [Theory]
    [InlineData("sum < Most", "M", "no longer stands in C.cs, M")]
    [InlineData("sum", "M", "stands 3 times in C.cs, M")]
    [InlineData("sum > Most", "N", "has no member 'N'")]
    public void A_fault_that_does_not_apply_is_said(string original, string member, string sentence)
    {
        MutationException refused = Assert.Throws<MutationException>(() => FaultPlaces.Find(Fault(original, "x", member), Source));
        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_constant_has_no_switch()
    {
        Mutant mutant = FaultPlaces.Find(Fault("4", "5", "Most"), Source);
        Assert.Null(mutant.Active);
        Assert.NotNull(mutant.Plain);
    }

    [Fact]
    public void Every_automatic_mutant_of_plain_code_compiles_and_changes_what_it_says()
    {
        Mutant[] mutants = [.. AutomaticMutants.In(Source, "C.cs", "rules")];
        MutatedSource source = Switched(mutants);
        Assert.Equal(8, source.Run(0, 2, 2));
        foreach ((string name, int a, int b, int expected) in new[]
        {
            ("+ to -", 1, 2, -2), ("> to >=", 2, 2, 4), ("condition negated", 1, 2, 4), ("condition never", 5, 5, 20), ("condition always", 1, 2, 4),
            ("early return removed", 5, 5, 20), ("assignment removed", 1, 2, 3),
        })
        {
            Assert.Equal(expected, source.Run(Assert.Single(mutants, mutant => mutant.Name == name).Number, a, b));
        }
    }

    [Fact]
    public void Messages_constants_and_labels_are_left_alone()
    {
        const string Quiet = """
            public static class C
            {
                private const int Most = 4;
                public static string M(int a)
                {
                    switch (a) { case 1: return $"{a + 1} rows"; default: throw new System.ArgumentException("no " + (a + 1)); }
                }
                public override string ToString() { return (1 + 2).ToString(); }
            }
            """;
        Assert.Empty(AutomaticMutants.In(Quiet, "C.cs", "rules"));
    }

    [Fact]
    public void An_error_is_blamed_on_the_mutant_that_it_stands_in()
    {
        Mutant good = FaultPlaces.Find(Fault("a + b", "a - b"), Source);
        Mutant bad = FaultPlaces.Find(Fault("sum > Most", "sum > nothing"), Source);
        (good.Number, bad.Number) = (1, 2);
        var instrumented = new Instrumented(Source, [good, bad]);
        string[] lines = instrumented.Text.Split('\n');
        int line = Array.FindIndex(lines, text => text.Contains("nothing", StringComparison.Ordinal));
        Assert.Equal([bad], instrumented.Blamed(line + 1, lines[line].IndexOf("nothing", StringComparison.Ordinal) + 1));
    }

    [Fact]
    public void A_seed_draws_the_same_mutants_again()
    {
        Mutant[] all = [.. AutomaticMutants.In(Source, "C.cs", "rules")];
        string[] Drawn(int seed) => [.. Draw.From(all, 4, new Random(seed)).Select(mutant => mutant.Place + mutant.Replacement)];
        Assert.Equal(4, Drawn(1).Length);
        Assert.Equal(Drawn(1), Drawn(1));
    }
}
