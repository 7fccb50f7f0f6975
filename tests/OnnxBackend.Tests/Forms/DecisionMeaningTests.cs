using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Import.Onnx;
using EdgeInference.ModelConverter.Optimize;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using OnnxBackend.Tests.Operators;
using static OnnxBackend.Tests.Operators.Make;

namespace OnnxBackend.Tests.Forms;

/// <summary>
/// A graph with a label beside its scores: the classifier of the imported model decides for the label that ONNX Runtime gives, on a
/// grid that has scores on every threshold and ties.
/// </summary>
public class DecisionMeaningTests
{
    // Two features, in eighths from −1 to 1: sums of them are exact.
    private const int Steps = 17;

    private static readonly Dictionary<string, (Func<ModelBuilder> Build, OutputRole Role, string[] Labels)> cases = new()
    {
        ["a score above a number"] = (() => Sum().Constant("t", Const([0.25])).Node("Greater", ["s", "t"], ["l"]).Output("l").Output("s"), OutputRole.Score, []),
        ["a score from a number on"] = (() => Sum().Constant("t", Const([0.25])).Node("GreaterOrEqual", ["s", "t"], ["l"]).Output("l").Output("s"), OutputRole.Score, []),
        ["a number below a score"] = (() => Sum().Constant("t", Const([-0.5])).Node("Less", ["t", "s"], ["l"]).Output("l").Output("s"), OutputRole.Score, []),
        ["a number above 1 below a score"] = (() => Sum().Constant("t", Const([1.25])).Node("Less", ["t", "s"], ["l"]).Output("l").Output("s"), OutputRole.Score, []),
        ["a score from a number below 0 on"] = (() => Sum().Constant("t", Const([-0.5])).Node("LessOrEqual", ["t", "s"], ["l"]).Output("l").Output("s"), OutputRole.Score, []),
        ["a score above 0"] = (() => Sum().Constant("t", Const([0])).Node("Greater", ["s", "t"], ["l"]).Output("s").Output("l"), OutputRole.Score, []),
        ["a score below 0"] = (() => Sum().Constant("t", Const([0])).Node("Less", ["s", "t"], ["l"]).Output("s").Output("l"), OutputRole.Score, []),
        ["the higher of two scores"] = (() => Scores([1, 0.5], [-0.5, 1]).Node("ArgMax", ["s"], ["l"], A("axis", 1), A("keepdims", 0)).Output("l").Output("s"), OutputRole.Score, []),
        ["the higher of a score and its negative"] = (() => Scores([-1, -1], [1, 1]).Node("ArgMax", ["s"], ["l"], A("axis", 1)).Output("l").Output("s"), OutputRole.Score, []),
        ["the highest of three scores"] = (() => Scores([1, 0], [0, 1], [-1, -1]).Node("ArgMax", ["s"], ["l"], A("axis", 1)).Output("l").Output("s"), OutputRole.Score, []),
        ["a probability above one half"] = (() => Sum().Node("Sigmoid", ["s"], ["p"]).Constant("t", Const([0.5])).Node("Greater", ["p", "t"], ["l"]).Output("l").Output("p"), OutputRole.Probability, []),
        ["a probability from one half on"] = (() => Sum().Node("Sigmoid", ["s"], ["p"]).Constant("t", Const([0.5])).Node("GreaterOrEqual", ["p", "t"], ["l"]).Output("l").Output("p"), OutputRole.Probability, []),
        ["a probability above another number"] = (() => Sum().Node("HardSigmoid", ["s"], ["p"], A("alpha", 0.25), A("beta", 0.5)).Constant("t", Const([0.3125])).Node("Greater", ["p", "t"], ["l"]).Output("l").Output("p"), OutputRole.Probability, []),
        ["a probability from another number on"] = (() => Sum().Node("HardSigmoid", ["s"], ["p"], A("alpha", 0.25), A("beta", 0.5)).Constant("t", Const([0.3125])).Node("GreaterOrEqual", ["p", "t"], ["l"]).Output("l").Output("p"), OutputRole.Probability, []),
        ["a probability above a small number"] = (() => Sum().Node("HardSigmoid", ["s"], ["p"], A("alpha", 0.25), A("beta", 0.5)).Constant("t", Const([0.03125])).Node("Greater", ["p", "t"], ["l"]).Output("l").Output("p"), OutputRole.Probability, []),
        ["columns of shares by slices"] = (() => Columns("Slice", 0, 1, 2), OutputRole.Probability, []),
        ["the higher of two shares"] = (() => Scores([1, 0.5], [-0.5, 1]).Node("Softmax", ["s"], ["p"]).Node("ArgMax", ["p"], ["l"], A("axis", 1)).Output("l").Output("p"), OutputRole.Probability, []),
        ["the highest of three shares"] = (() => Scores([1, 0], [0, 1], [-1, -1]).Node("Softmax", ["s"], ["p"]).Node("ArgMax", ["s"], ["l"], A("axis", 1)).Output("l").Output("p"), OutputRole.Probability, []),
        ["the highest of three sigmoids"] = (() => Scores([1, 0], [0, 1], [-1, -1]).Node("Sigmoid", ["s"], ["p"]).Node("ArgMax", ["p"], ["l"], A("axis", 1)).Output("l").Output("p"), OutputRole.Probability, []),
        ["numbers that add up to 1 and are no shares"] = (() => Sum().Node("Sigmoid", ["s"], ["u"]).Constant("by", Const([-0.5, 0, 0.5])).Constant("and", Const([0, 0.625, 0.375])).Node("Mul", ["u", "by"], ["v"]).Node("Add", ["v", "and"], ["p"])
            .Node("ArgMax", ["p"], ["l"], A("axis", 1)).Output("l").Output("p"), OutputRole.Score, []),
        ["a label on both sides of a score"] = (() => Sum().Node("Mul", ["s", "s"], ["q"]).Node("Sub", ["q", "s"], ["d"]).Node("Sub", ["s", "s"], ["zero"]).Node("Concat", ["zero", "d"], ["both"], A("axis", 1)).Node("ArgMax", ["both"], ["l"], A("axis", 1)).Output("l").Output("s"), OutputRole.Score, []),
        ["classes by number"] = (() => Scores([1, 0], [0, 1], [-1, -1]).Constant("n", Const(OnnxElementType.Int64, [7, 3, 5])).Node("Softmax", ["s"], ["p"])
            .Node("ArgMax", ["s"], ["i"], A("axis", 1), A("keepdims", 0)).Node("Gather", ["n", "i"], ["l"]).Output("l").Output("p"), OutputRole.Probability, ["7", "3", "5"]),
        ["a linear classifier"] = (() => new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.LinearClassifier", ["x"], ["l", "p"], A("classlabels_ints", new[] { 4, 2, 9 }), A("coefficients", new[] { 1f, 0f, 0f, 1f, -1f, -1f }), A("intercepts", new float[3]), A("post_transform", "SOFTMAX"))
            .Output("l", OnnxElementType.Int64).Output("p", OnnxElementType.Float32), OutputRole.Probability, ["4", "2", "9"]),
        ["a linear classifier's scores"] = (() => new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.LinearClassifier", ["x"], ["l", "p"], A("classlabels_ints", new[] { 0, 1, 2 }), A("coefficients", new[] { 1f, 0f, 0f, 1f, -1f, -1f }), A("intercepts", new float[3]))
            .Output("l", OnnxElementType.Int64).Output("p", OnnxElementType.Float32), OutputRole.Score, ["0", "1", "2"]),
        ["a linear classifier of one score"] = (() => new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.LinearClassifier", ["x"], ["l", "p"], A("classlabels_ints", new[] { 0, 1 }), A("coefficients", new[] { 1f, 1f }), A("intercepts", new[] { -0.25f }), A("post_transform", "LOGISTIC"))
            .Output("l", OnnxElementType.Int64).Output("p", OnnxElementType.Float32), OutputRole.Probability, ["0", "1"]),
        ["a support vector classifier"] = (() => new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.SVMClassifier", ["x"], ["l", "p"], A("classlabels_ints", new[] { 0, 1 }), A("coefficients", new[] { 1f, -1f }), A("rho", new[] { 0f }),
            A("support_vectors", new[] { 1f, 0f, 0f, 1f }), A("vectors_per_class", new[] { 1, 1 }), A("kernel_type", "LINEAR"), A("kernel_params", new[] { 0f, 0f, 0f })).Output("l", OnnxElementType.Int64).Output("p", OnnxElementType.Float32), OutputRole.Score, ["0", "1"]),
        ["a linear classifier of texts"] = (() => new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.LinearClassifier", ["x"], ["l", "p"], A("classlabels_strings", new[] { "high", "apt", "low" }), A("coefficients", new[] { 1f, 0f, 0f, 1f, -1f, -1f }), A("intercepts", new float[3]), A("post_transform", "SOFTMAX"))
            .Output("l", OnnxElementType.Text).Output("p", OnnxElementType.Float32), OutputRole.Probability, ["high", "apt", "low"]),
        ["texts behind a LabelEncoder"] = (() => new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.LinearClassifier", ["x"], ["i", "p"], A("classlabels_ints", new[] { 7, 3, 5 }), A("coefficients", new[] { 1f, 0f, 0f, 1f, -1f, -1f }), A("intercepts", new float[3]), A("post_transform", "SOFTMAX"))
            .Node("ai.onnx.ml.LabelEncoder", ["i"], ["l"], A("keys_int64s", new[] { 3, 5, 7 }), A("values_strings", new[] { "b", "c", "a" })).Output("l", OnnxElementType.Text).Output("p", OnnxElementType.Float32), OutputRole.Probability, ["a", "b", "c"]),
        ["trees that vote"] = (() => Trees(1f, 0f, 0.25f, 0.75f, 0f, 1f), OutputRole.Probability, ["3", "8", "5"]),
        ["columns of shares"] = (() => Scores([1, 0], [0, 1], [-1, -1]).Node("Softmax", ["s"], ["p"]).Node("ArgMax", ["s"], ["l"], A("axis", 1))
            .Constant("c0", Ints(0)).Constant("c1", Ints(1)).Constant("c2", Ints(2)).Node("Gather", ["p", "c0"], ["p0"], A("axis", 1)).Node("Gather", ["p", "c1"], ["p1"], A("axis", 1)).Node("Gather", ["p", "c2"], ["p2"], A("axis", 1))
            .Output("l").Output("p0").Output("p1").Output("p2"), OutputRole.Probability, []),
        ["a sigmoid and what it lacks to 1"] = (() => Sum().Node("Sigmoid", ["s"], ["q"]).Constant("one", Const([1])).Node("Sub", ["one", "q"], ["r"]).Node("Concat", ["r", "q"], ["p"], A("axis", 1)).Node("ArgMax", ["p"], ["l"], A("axis", 1)).Output("l").Output("p"), OutputRole.Probability, []),
    };

    public static TheoryData<string> Names => [.. cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_classifier_decides_for_the_label(string name)
    {
        (Func<ModelBuilder> build, OutputRole role, string[] labels) = cases[name];
        using var folder = new ModelFolder();
        byte[] model = build().Build();
        Graph graph = folder.Import(model);
        Assert.Equal([role], graph.Metadata.OutputRoles);
        Assert.Equal(labels, graph.Metadata.Labels);
        OutputMeaning.Apply(graph, null);
        using EdgeModel engine = EdgeModel.Load(ModelWriter.Write(GraphOptimizer.Optimize(graph)));
        using var classifier = new Classifier(engine);
        using var session = new InferenceSession(model);
        var seen = new HashSet<string>();
        for (int i = 0; i < Steps * Steps; i++)
        {
            float[] row = [((i / Steps) - (Steps / 2)) / 8f, ((i % Steps) - (Steps / 2)) / 8f];
            string expected = Label(session, row);
            int index = classifier.Classify(row).ClassIndex;
            string actual = labels.Length > 0 ? labels[index] : index.ToString(System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(expected == actual, $"{row[0]}, {row[1]}: class {actual}, and ONNX Runtime has {expected}");
            seen.Add(expected);
        }

        Assert.True(seen.Count > 1, "One label shows nothing.");
    }

    // Of two scores that are equal the first class wins, without a label to say so.
    [Fact]
    public void Scores_without_their_label_decide_as_it_does()
    {
        byte[] model = new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.LinearClassifier", ["x"], ["l", "p"], A("classlabels_ints", new[] { 0, 1 }), A("coefficients", new[] { 1f, 1f }), A("intercepts", new[] { 0f }))
            .Output("l", OnnxElementType.Int64).Output("p", OnnxElementType.Float32).Build();
        using var folder = new ModelFolder();
        Graph graph = folder.Import(model, new ImportOptions { Outputs = ["p"] });
        using EdgeModel engine = EdgeModel.Load(ModelWriter.Write(GraphOptimizer.Optimize(graph)));
        using var classifier = new Classifier(engine);
        using var session = new InferenceSession(model);
        foreach (float[] row in (float[][])[[0.5f, -0.5f], [0.5f, -0.25f], [0.25f, -0.5f], [0, 0], [-0f, 0]])
        {
            Assert.Equal(Label(session, row), classifier.Classify(row).ClassIndex.ToString(System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    // The tail of a graph without a label, and what its output is.
    [Theory]
    [InlineData("softmax", OutputRole.Probability, DecisionHead.Softmax)]
    [InlineData("logsoftmax", OutputRole.Logit, DecisionHead.None)]
    [InlineData("sigmoid", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("hardsigmoid", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("sigmoids", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("shares of sigmoids", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("clipped", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("clipped below one half", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("clipped at one half", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("clipped from one half on", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("max", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("max of one half", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("min", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("min of one half", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("lacking to 1", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("lacking to 2", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("turned", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("beside what it lacks", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("what it lacks beside it", OutputRole.Probability, DecisionHead.Sigmoid)]
    [InlineData("beside itself", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("argmax", OutputRole.Label, DecisionHead.None)]
    [InlineData("above", OutputRole.Label, DecisionHead.None)]
    [InlineData("bare", OutputRole.Unknown, DecisionHead.None)]
    [InlineData("regression", OutputRole.Value, DecisionHead.None)]
    public void The_end_of_a_graph_says_what_its_output_is(string tail, OutputRole role, DecisionHead head)
    {
        ModelBuilder builder = Scores([1, 0], [0, 1], [-1, -1]).Node("ReduceSum", ["s"], ["one"], A("keepdims", 1)).Node("Sigmoid", ["one"], ["p"]).Constant("n", Const([tail.EndsWith("one half", StringComparison.Ordinal) ? 0.5 : tail == "lacking to 2" ? 2 : tail.StartsWith("lack", StringComparison.Ordinal) || tail.Contains("it lacks", StringComparison.Ordinal) ? 1 : tail == "max" ? 0.25 : 0.75]));
        using var folder = new ModelFolder();
        Graph graph = folder.Import((tail switch
        {
            "softmax" => builder.Node("Softmax", ["s"], ["y"]),
            "logsoftmax" => builder.Node("LogSoftmax", ["s"], ["y"]),
            "sigmoid" => builder.Node("Identity", ["p"], ["y"]),
            "hardsigmoid" => builder.Node("HardSigmoid", ["one"], ["y"]),
            "sigmoids" => builder.Node("Sigmoid", ["s"], ["y"]),
            "shares of sigmoids" => builder.Node("Sigmoid", ["s"], ["q"]).Node("ReduceSum", ["q"], ["t"]).Node("Div", ["q", "t"], ["y"]),
            "clipped" => Clip(builder, 0.01, 0.99),
            "clipped below one half" => Clip(builder, 0.01, 0.4),
            "clipped at one half" => Clip(builder, 0.01, 0.5),
            "clipped from one half on" => Clip(builder, 0.5, 0.99),
            "max" or "max of one half" => builder.Node("Max", ["p", "n"], ["y"]),
            "min" or "min of one half" => builder.Node("Min", ["n", "p"], ["y"]),
            "lacking to 1" or "lacking to 2" => builder.Node("Sub", ["n", "p"], ["y"]),
            "turned" => builder.Node("Neg", ["p"], ["y"]),
            "beside what it lacks" => builder.Node("Sub", ["n", "p"], ["q"]).Node("Concat", ["p", "q"], ["y"], A("axis", 1)),
            "what it lacks beside it" => builder.Node("Sub", ["n", "p"], ["q"]).Node("Concat", ["q", "p"], ["y"], A("axis", 1)),
            "beside itself" => builder.Node("Concat", ["p", "p"], ["y"], A("axis", 1)),
            "argmax" => builder.Node("ArgMax", ["s"], ["y"], A("axis", 1)),
            "above" => builder.Node("Greater", ["one", "n"], ["y"]),
            "regression" => builder.Node("ai.onnx.ml.LinearRegressor", ["s"], ["y"], A("coefficients", new[] { 1f, 2f, 3f })),
            _ => builder.Node("Identity", ["s"], ["y"]),
        }).Output("y").Build());
        Assert.Equal([role], graph.Metadata.OutputRoles);
        Assert.Equal(head, graph.Metadata.Head);
    }

    // Shares of leaves are probabilities up to 1, beyond it margins.
    [Theory]
    [InlineData(1f, OutputRole.Probability)]
    [InlineData(1.001f, OutputRole.Unknown)]
    [InlineData(-0.001f, OutputRole.Unknown)]
    public void Leaves_that_are_shares_give_probabilities(float weight, OutputRole role)
    {
        using var folder = new ModelFolder();
        Graph graph = folder.Import(Trees(weight, 0f, 0.25f, 0.75f, 0f, 1f).Build(), new ImportOptions { Outputs = ["p"] });
        Assert.Equal([role], graph.Metadata.OutputRoles);
    }

    [Theory]
    [InlineData(1, OutputRole.Probability)]
    [InlineData(2, OutputRole.Value)]
    public void A_batch_of_results_decides_nothing(int batch, OutputRole role)
    {
        using var folder = new ModelFolder();
        byte[] model = new ModelBuilder().Input("x", "N", 3).Node("Softmax", ["x"], ["y"]).Output("y").Build();
        Assert.Equal([role], folder.Import(model, new ImportOptions { Batch = batch }).Metadata.OutputRoles);
    }

    [Theory]
    [InlineData(new[] { 1, 3 }, null)]
    [InlineData(new[] { 3 }, null)]
    [InlineData(new[] { 1, 1, 3 }, null)]
    [InlineData(new[] { 1, 2, 3 }, "holds 2 results of 3 classes each")]
    [InlineData(new[] { 1, 2, 1 }, "runs along an axis of one value")]
    [InlineData(new[] { 1, 1 }, "runs along an axis of one value")]
    public void Several_results_are_told_from_one(int[] shape, string? sentence)
    {
        using var folder = new ModelFolder();
        Graph graph = folder.Import(new ModelBuilder().Input("x", [.. shape.Select(size => (object?)size)]).Node("Softmax", ["x"], ["y"]).Output("y").Build());
        string? said = SeveralResults.Settle(graph);
        Assert.Equal(sentence is null, said is null);
        Assert.Contains(sentence ?? "", said ?? "", StringComparison.Ordinal);
        Assert.Equal([sentence is null ? OutputRole.Probability : OutputRole.Value], graph.Metadata.OutputRoles);
    }

    [Theory]
    [InlineData(new[] { 1, 3 }, false)]
    [InlineData(new[] { 3, 1 }, false)]
    [InlineData(new[] { 1, 1 }, false)]
    [InlineData(new[] { 1, 2, 3 }, true)]
    [InlineData(new[] { 1, 2, 1, 3 }, true)]
    public void Logits_along_two_axes_have_no_head(int[] shape, bool refused)
    {
        using var folder = new ModelFolder();
        Graph graph = folder.Import(new ModelBuilder().Input("x", [.. shape.Select(size => (object?)size)]).Node("Neg", ["x"], ["y"]).Output("y").Build());
        Exception? exception = Record.Exception(() => OutputMeaning.Apply(graph, "logits"));
        Assert.Equal(refused, exception is not null);
        Assert.Contains(refused ? "holds several" : "", exception?.Message ?? "", StringComparison.Ordinal);
    }

    [Fact]
    public void Class_texts_of_another_count_than_the_classes_are_none()
    {
        using var folder = new ModelFolder();
        byte[] Model(params int[] numbers) => Scores([1, 0], [0, 1], [-1, -1]).Node("Softmax", ["s"], ["p"]).Node("ai.onnx.ml.ZipMap", ["p"], ["y"], A("classlabels_int64s", numbers)).Output("y").Build();
        Assert.Equal(["5", "7", "6"], folder.Import(Model(5, 7, 6)).Metadata.Labels);
        Assert.Empty(folder.Import(Model(5, 7)).Metadata.Labels);
        Assert.Empty(folder.Import(Model(5, 7, 6, 8)).Metadata.Labels);
    }

    [Fact]
    public void Numbers_of_more_classes_than_there_are_name_none()
    {
        using var folder = new ModelFolder();
        byte[] Model(params double[] numbers) => Scores([1, 0], [0, 1], [-1, -1]).Constant("n", Const(OnnxElementType.Int64, numbers)).Node("Softmax", ["s"], ["p"])
            .Node("ArgMax", ["s"], ["i"], A("axis", 1), A("keepdims", 0)).Node("Gather", ["n", "i"], ["l"]).Output("l").Output("p").Build();
        Assert.Equal(["7", "3", "5"], folder.Import(Model(7, 3, 5)).Metadata.Labels);
        Assert.Empty(folder.Import(Model(7, 3, 5, 9)).Metadata.Labels);
    }

    // Between 0 and 1 it may be a probability, of which the label then says another threshold, or a score.
    [Fact]
    public void A_column_from_0_to_1_is_not_taken_for_a_score()
    {
        using var folder = new ModelFolder();
        byte[] Model(double most) => Sum().Constant("low", Scalar(0)).Constant("high", Scalar(most)).Constant("t", Const([0.25])).Node("Clip", ["s", "low", "high"], ["p"]).Node("Greater", ["p", "t"], ["l"]).Output("l").Output("p").Build();
        Assert.Equal([OutputRole.Label, OutputRole.Unknown], folder.Import(Model(1)).Metadata.OutputRoles);
        Assert.Equal([OutputRole.Score], folder.Import(Model(1.5)).Metadata.OutputRoles);
    }

    [Fact]
    public void Two_labels_decide_nothing()
    {
        using var folder = new ModelFolder();
        byte[] model = Scores([1, 0], [0, 1]).Node("Softmax", ["s"], ["p"]).Node("ArgMax", ["s"], ["l"], A("axis", 1)).Node("ArgMin", ["s"], ["m"], A("axis", 1)).Output("l").Output("m").Output("p").Build();
        Assert.Equal([OutputRole.Label, OutputRole.Label, OutputRole.Probability], folder.Import(model).Metadata.OutputRoles);
    }

    [Theory]
    [InlineData("Slice", new[] { 0, 1, 2 }, true)]
    [InlineData("Slice", new[] { 1, 0, 2 }, false)]
    [InlineData("Slice", new[] { 0, 1 }, false)]
    [InlineData("Gather", new[] { 0, 1, 2 }, true)]
    [InlineData("Gather", new[] { 0, 2, 1 }, false)]
    [InlineData("Gather", new[] { 0, 1 }, false)]
    public void Columns_decide_where_they_are_all_and_in_order(string type, int[] order, bool decides)
    {
        using var folder = new ModelFolder();
        Graph graph = folder.Import(Columns(type, order).Build());
        Assert.Equal(decides ? 1 : order.Length + 1, graph.Outputs.Count);
    }

    // Of more than two classes a support vector machine has a number for each pair.
    [Theory]
    [InlineData(2, OutputRole.Score)]
    [InlineData(3, OutputRole.Value)]
    public void Scores_of_a_support_vector_classifier_decide_between_two(int classes, OutputRole role)
    {
        using var folder = new ModelFolder();
        CaseAttribute[] own = classes == 2
            ? [A("classlabels_ints", new[] { 0, 1 }), A("coefficients", new[] { 1f, -1f }), A("rho", new[] { 0f }), A("support_vectors", new[] { 1f, 0f, 0f, 1f }), A("vectors_per_class", new[] { 1, 1 })]
            : [A("classlabels_ints", new[] { 0, 1, 2 }), A("coefficients", new[] { 1f, -1f, 0.5f, 1f, -1f, -0.5f }), A("rho", new[] { 0f, 0.1f, 0.2f }), A("support_vectors", new[] { 1f, 0f, 0f, 1f, 1f, 1f }), A("vectors_per_class", new[] { 1, 1, 1 })];
        byte[] model = new ModelBuilder().Input("x", 1, 2).Node("ai.onnx.ml.SVMClassifier", ["x"], ["l", "p"], [.. own, A("kernel_type", "LINEAR"), A("kernel_params", new[] { 0f, 0f, 0f })]).Output("p", OnnxElementType.Float32).Build();
        Assert.Equal([role], folder.Import(model).Metadata.OutputRoles);
    }

    [Theory]
    [InlineData(0.5, null)]
    [InlineData(0.46875, "from a probability of 0.4688 on; that is the file's threshold")]
    [InlineData(0.25, "from a probability of 0.2500 on; that is the file's threshold")]
    public void A_threshold_beside_one_half_is_said(double threshold, string? said)
    {
        using var folder = new ModelFolder();
        byte[] model = Sum().Node("HardSigmoid", ["s"], ["p"], A("alpha", 0.25), A("beta", 0.5)).Constant("t", Const([threshold])).Node("Greater", ["p", "t"], ["l"]).Output("l").Output("p").Build();
        IReadOnlyList<string> notes = folder.Import(model).Metadata.Notes;
        Assert.Equal(said is not null, notes.Any(note => note.Contains("from a probability of", StringComparison.Ordinal)));
        Assert.Contains(notes, note => note.Contains(said ?? "is a label that follows from the other output", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("logits")]
    [InlineData("probability")]
    [InlineData("scores")]
    [InlineData("value")]
    public void A_head_is_said_of_one_result(string head)
    {
        using var folder = new ModelFolder();
        byte[] model = new ModelBuilder().Input("x", "N", 3).Node("Neg", ["x"], ["y"]).Output("y").Build();
        OutputMeaning.Apply(folder.Import(model), head);
        string said = Assert.Throws<InputException>(() => OutputMeaning.Apply(folder.Import(model, new ImportOptions { Batch = 2 }), head)).Message;
        Assert.Contains("returns as many; omit --batch or --head", said, StringComparison.Ordinal);
        byte[] two = new ModelBuilder().Input("x", 1, 3).Node("Neg", ["x"], ["y"]).Node("Abs", ["x"], ["z"]).Output("y").Output("z").Build();
        Assert.Contains("the model has 2: 'y', 'z'; keep one with --outputs", Assert.Throws<InputException>(() => OutputMeaning.Apply(folder.Import(two), head)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Columns_out_of_order_decide_nothing()
    {
        using var folder = new ModelFolder();
        byte[] model = Scores([1, 0], [0, 1]).Node("Softmax", ["s"], ["p"]).Node("ArgMax", ["s"], ["l"], A("axis", 1))
            .Constant("c0", Ints(0)).Constant("c1", Ints(1)).Node("Gather", ["p", "c1"], ["p0"], A("axis", 1)).Node("Gather", ["p", "c0"], ["p1"], A("axis", 1))
            .Output("l").Output("p0").Output("p1").Build();
        Assert.Equal(3, folder.Import(model).Outputs.Count);
    }

    // A label, and columns of its shares.
    private static ModelBuilder Columns(string type, params int[] order)
    {
        ModelBuilder builder = Scores([1, 0], [0, 1], [-1, -1]).Node("Softmax", ["s"], ["p"]).Node("ArgMax", ["s"], ["l"], A("axis", 1)).Output("l").Constant("axis", Ints(1));
        foreach (int column in order)
        {
            builder.Constant($"c{column}", Ints(column)).Constant($"e{column}", Ints(column + 1));
            builder = type == "Slice" ? builder.Node("Slice", ["p", $"c{column}", $"e{column}", "axis"], [$"p{column}"]) : builder.Node("Gather", ["p", $"c{column}"], [$"p{column}"], A("axis", 1));
            builder.Output($"p{column}");
        }

        return builder;
    }

    private static ModelBuilder Clip(ModelBuilder builder, double low, double high) => builder.Constant("low", Scalar(low)).Constant("high", Scalar(high)).Node("Clip", ["p", "low", "high"], ["y"]);

    private static ModelBuilder Sum() => new ModelBuilder(13).Input("x", 1, 2).Constant("w", Const([1, 1], 2, 1)).Node("MatMul", ["x", "w"], ["s"]);

    // A row of weights for each class.
    private static ModelBuilder Scores(params double[][] classes) =>
        new ModelBuilder(13).Input("x", 1, 2).Constant("w", Const([.. classes.SelectMany(row => row)], classes.Length, 2)).Node("Gemm", ["x", "w"], ["s"], A("transB", 1));

    // x0 ≤ 0 ? leaf 1 : leaf 2, of three classes, and a second tree of x1; votes of each are shares.
    private static ModelBuilder Trees(params float[] weights) => new ModelBuilder(13).Input("x", 1, 2).Node("ai.onnx.ml.TreeEnsembleClassifier", ["x"], ["l", "p"],
        A("nodes_treeids", new[] { 0, 0, 0, 1, 1, 1 }), A("nodes_nodeids", new[] { 0, 1, 2, 0, 1, 2 }), A("nodes_featureids", new[] { 0, 0, 0, 1, 0, 0 }), A("nodes_values", new[] { 0f, 0f, 0f, 0.5f, 0f, 0f }),
        A("nodes_modes", new[] { "BRANCH_LEQ", "LEAF", "LEAF", "BRANCH_LEQ", "LEAF", "LEAF" }), A("nodes_truenodeids", new[] { 1, 0, 0, 1, 0, 0 }), A("nodes_falsenodeids", new[] { 2, 0, 0, 2, 0, 0 }),
        A("class_treeids", new[] { 0, 0, 0, 0, 1, 1 }), A("class_nodeids", new[] { 1, 1, 2, 2, 1, 2 }), A("class_ids", new[] { 0, 1, 1, 2, 0, 2 }), A("class_weights", weights),
        A("classlabels_int64s", new[] { 3, 8, 5 })).Output("l", OnnxElementType.Int64).Output("p", OnnxElementType.Float32);

    private static string Label(InferenceSession session, float[] row)
    {
        string label = session.OutputNames.Contains("l") ? "l" : session.OutputNames[0];
        using IDisposableReadOnlyCollection<DisposableNamedOnnxValue> results = session.Run([NamedOnnxValue.CreateFromTensor("x", new DenseTensor<float>(row, [1, 2]))], [label]);
        return results[0].Value is Tensor<string> text ? text.Single() : results[0].Value is Tensor<bool> truth ? truth.Single() ? "1" : "0" : results[0].AsTensor<long>().Single().ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
