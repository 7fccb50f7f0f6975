using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;
using EdgeInference.ModelTraining.Learners;
using EdgeInference.ModelTraining.Search;

namespace EdgeInference.Tool.Tests.Train.Search;

/// <summary>What the search chooses, with learners whose quality is known.</summary>
public class ModelSearchTests
{
    [Fact]
    public void A_larger_model_that_is_no_better_is_not_chosen()
    {
        var small = new Known("small", units: 1, error: 0.1);
        var large = new Known("large", units: 40, error: 0.1);
        SearchResult found = Search([large, small]);
        Assert.Equal("small", found.Chosen.Candidate.Name);
        Assert.Equal(0.1, 1 - found.Chosen.Score.Accuracy, 0.03);
    }

    [Fact]
    public void A_larger_model_that_is_better_is_chosen() =>
        Assert.Equal("large", Search([new Known("small", units: 1, error: 0.2), new Known("large", units: 40, error: 0.05)]).Chosen.Candidate.Name);

    // Learners that err on other rows: one row of 600 is within the error of the difference and within the accuracy that may be given.
    [Theory]
    [InlineData(57, "small")]
    [InlineData(60, "large")] // 4 of 600 more are within the error too
    public void A_worse_model_is_chosen_within_one_standard_error_but_not_with_less_accuracy(int errors, string chosen)
    {
        double[] hard = [.. Rows(600).Rows.Select(row => (double)row[1]).Order()];
        SearchResult found = Search([
            new Given("small", 1, (side, x) => x < hard[errors] ? -2 * side : 2 * side),
            new Given("large", 40, (side, x) => x >= hard[200] && x < hard[256] ? -2 * side : 2 * side)]);
        PairedDifference difference = found.Candidates.Single(result => result.Candidate.Name == "small").ToBest;
        Assert.InRange(difference.Mean, 1e-4, difference.Error);
        Assert.Equal(chosen, found.Chosen.Candidate.Name);
    }

    [Fact]
    public void A_model_that_decides_as_well_but_is_less_sure_by_more_than_one_standard_error_is_not_chosen()
    {
        double[] hard = [.. Rows(600).Rows.Select(row => (double)row[1]).Order()];
        SearchResult found = Search([
            new Given("small", 1, (side, x) => x < hard[60] ? -2 * side : x < hard[90] ? 0.8 * side : 2 * side),
            new Given("large", 40, (side, x) => x < hard[60] ? -2 * side : 2 * side)]);
        CandidateResult small = found.Candidates.Single(result => result.Candidate.Name == "small");
        Assert.Equal(found.Best.Score.Accuracy, small.Score.Accuracy);
        Assert.InRange(small.ToBest.Mean, 2 * small.ToBest.Error, 9 * small.ToBest.Error);
        Assert.Equal("large", found.Chosen.Candidate.Name);
    }

    // Each row that another threshold decides rightly is a gain of 1, and the gain of m rows has an error of √m.
    [Theory]
    [InlineData(3, false)]
    [InlineData(6, true)]
    public void A_threshold_is_moved_only_for_a_gain_of_two_standard_errors(int rows, bool isMoved)
    {
        double last = Rows(600).Rows.Where(row => row[0] > 0).Select(row => (double)row[1]).Order().ElementAt(rows);
        SearchResult found = Search([new Given("low", 1, (side, x) => x > 0.9 ? -2.2 * side : side > 0 && x < last ? -0.8 : 2.2 * side)]);
        Assert.Equal(isMoved, found.Threshold is not null);
        if (isMoved)
        {
            Assert.InRange(found.Threshold!.Value, 0.11f, 0.3f);
        }
    }

    [Fact]
    public void A_model_over_the_budget_is_not_chosen_however_good()
    {
        SearchResult found = Search([new Known("small", units: 1, error: 0.3), new Known("large", units: 400, error: 0.05)], new SearchOptions { Budget = DeviceBudget.Parse("esp32:4KB") });
        Assert.Equal("small", found.Chosen.Candidate.Name);
        Assert.Contains("bytes", found.Candidates.Single(result => result.Candidate.Name == "large").Refused, StringComparison.Ordinal);
        Assert.Contains("No candidate fits", Assert.Throws<InputException>(() => Search([new Known("large", 400, 0.05)], new SearchOptions { Budget = DeviceBudget.Parse("esp32:1KB") })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_work_does_not_allow_is_left_out_and_named()
    {
        SearchResult found = Search([new Known("small", 1, 0.2), new Known("large", 40, 0.05)], new SearchOptions { Work = 1 });
        Assert.Equal("small", found.Chosen.Candidate.Name);
        Assert.Equal(["large"], found.LeftOut.Select(candidate => candidate.Name));
    }

    [Fact]
    public void A_committee_is_the_mean_of_its_members_in_the_search_and_in_the_graph()
    {
        ILearner[] members = [new Known("a", 1, 0.15), new Known("b", 2, 0.15)];
        LabelledTable table = Rows(400);
        IFittedClassifier[] fitted = [.. members.Select(member => member.Fit(table, [0], null, 1))];
        var committee = new Committee(fitted);
        var means = new double[2];
        var one = new double[2];
        var other = new double[2];
        Graph graph = committee.ToGraph();
        foreach (float[] row in table.Rows.Take(50))
        {
            committee.Probabilities(row, means);
            fitted[0].Probabilities(row, one);
            fitted[1].Probabilities(row, other);
            Assert.Equal((one[1] + other[1]) / 2, means[1], 1e-12);
            Assert.Equal(means[1], EdgeInference.ModelConverter.Execution.GraphRunner.RunAll(graph, [row])[0][0], 1e-5);
        }
    }

    [Fact]
    public void The_same_seed_finds_the_same_and_threads_change_nothing()
    {
        SearchResult first = Search([new Known("small", 1, 0.1), new Known("large", 9, 0.1)]);
        SearchResult second = Search([new Known("small", 1, 0.1), new Known("large", 9, 0.1)]);
        Assert.Equal(first.Candidates.Select(result => result.Score.Loss), second.Candidates.Select(result => result.Score.Loss));
    }

    [Fact]
    public void A_gap_that_no_training_part_has_is_judged_all_the_same()
    {
        LabelledTable table = Rows(60);
        table.Rows[7][1] = float.NaN;
        SearchResult found = ModelSearch.Run(table, new CandidateCatalogue([new LogisticRegression()], []), new SearchOptions(), null, default);
        Assert.All(found.Chosen.Score.Probabilities, p => Assert.True(float.IsFinite(p[1])));
        Assert.True(found.Fitted.ToGraph().Metadata.AcceptsMissing);
    }

    [Fact]
    public void A_class_of_one_row_is_refused()
    {
        LabelledTable table = Rows(40);
        table = table with { Labels = [1, .. Enumerable.Repeat(0, 39)] };
        Assert.Contains("has one row", Assert.Throws<InputException>(() => ModelSearch.Run(table, new CandidateCatalogue([new Known("a", 1, 0.1)], []), new SearchOptions(), null, default)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_learner_that_changes_from_fit_to_fit_is_scored_as_one_fit_and_not_as_the_mean_of_several()
    {
        // Right on 7 of 10 rows at each fit, on others each time: the mean of three fits would be right on 78 of 100.
        SearchResult found = ModelSearch.Run(Rows(300), new CandidateCatalogue([new Unstable(0.3)], []), new SearchOptions(), null, default);
        Assert.Equal(0.7, found.Chosen.Score.Accuracy, 0.03);
        Assert.Equal(300, found.Chosen.Score.Rows);
        Assert.Equal(300, found.Chosen.Score.Losses.Length);
    }

    private static SearchResult Search(ILearner[] learners, SearchOptions? options = null) =>
        ModelSearch.Run(Rows(600), new CandidateCatalogue(learners, []), options ?? new SearchOptions(), null, default);

    // The first feature is the class's side; the second decides, the same for all learners, which rows are hard.
    private static LabelledTable Rows(int count)
    {
        var random = new Xoshiro256(3);
        int[] labels = [.. Enumerable.Range(0, count).Select(_ => random.Next(2))];
        float[][] rows = [.. labels.Select(label => new[] { label == 1 ? 1f : -1f, (float)random.NextDouble() })];
        return new LabelledTable(["side", "hard"], rows, labels, ["no", "yes"]);
    }

    // Errs on the rows whose second feature is below its error.
    private sealed class Known(string name, int units, double error) : ILearner
    {
        public string Name => name;

        public string Settings => $"{units} units";

        public long Work(int rows, int features, int classes) => (long)rows * units;

        public IFittedClassifier Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
            new Fitted(units, error, (side, hard) => hard < error ? -2 * side : 2 * side);
    }

    // Gives the logit of class 1 that it is told.
    private sealed class Given(string name, int units, Func<double, double, double> logit) : ILearner
    {
        public string Name => name;

        public string Settings => $"{units} units";

        public long Work(int rows, int features, int classes) => (long)rows * units;

        public IFittedClassifier Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default) => new Fitted(units, 0, logit);
    }

    // Errs on other rows at each seed.
    private sealed class Unstable(double error) : ILearner
    {
        public string Name => "unstable";

        public string Settings => "";

        public long Work(int rows, int features, int classes) => rows;

        public IFittedClassifier Fit(LabelledTable table, int[] rows, double[]? classWeights, ulong seed, IProgress<double>? progress = null, CancellationToken cancellation = default) =>
            new Fitted(1, error, (side, hard) => new Xoshiro256(seed + BitConverter.SingleToUInt32Bits((float)hard)).NextDouble() < error ? -2 * side : 2 * side);
    }

    // The graph errs on the rows below an error, which only its size and that of Known depend on.
    private sealed class Fitted(int units, double error, Func<double, double, double> logit) : IFittedClassifier
    {
        public int ParameterCount => units;

        public void Probabilities(ReadOnlySpan<float> row, Span<double> probabilities)
        {
            probabilities[1] = 1 / (1 + Math.Exp(-logit(row[0], row[1])));
            probabilities[0] = 1 - probabilities[1];
        }

        public Graph ToGraph()
        {
            var graph = new Graph { Metadata = new GraphMetadata { Labels = ["no", "yes"], InputNames = ["side", "hard"], OutputRoles = [OutputRole.Probability] } };
            var input = new Value("input", TensorType.Float32, 1, 2);
            graph.Inputs.Add(input);
            var builder = new EdgeInference.ModelConverter.Build.GraphBuilder(graph) { Name = "known" };

            // flipped = side · (1 − 2·[hard < error]), by a step.
            Value hard = builder.Dense(input, Value.Constant("w", [0f, 1f], 1, 2), Value.Constant("b", [(float)-error], 1));
            Value step = builder.Activation(ActivationKind.Step, hard);
            Value sign = builder.Arithmetic(Opcode.Sub, builder.Arithmetic(Opcode.Mul, step, builder.Scalar(2)), builder.Scalar(1));
            float[] weights = [.. Enumerable.Range(0, units).SelectMany(_ => new[] { 2f / units, 0f })];
            Value wide = builder.Dense(input, Value.Constant("wide", weights, units, 2), null);
            Value side = builder.Dense(wide, Value.Constant("sum", [.. Enumerable.Repeat(1f, units)], 1, units), null);
            graph.Outputs.Add(builder.Activation(ActivationKind.Sigmoid, builder.Arithmetic(Opcode.Mul, side, sign)));
            return graph;
        }
    }
}
