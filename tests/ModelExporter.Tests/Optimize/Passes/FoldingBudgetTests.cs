using EdgeInference.ModelConverter.Execution;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelFormat;

namespace EdgeInference.Tool.Tests.Optimize.Passes;

/// <summary>How much is computed at import: 2^23 elements and four times what the model's own constants have, 2^20 by one node from less.</summary>
public class FoldingBudgetTests
{
    private const int Million = 1 << 20;

    [Theory]
    [InlineData(Million, true)]
    [InlineData(Million + 1, false)]
    public void One_node_makes_a_million_elements_of_fewer(int elements, bool folds) =>
        Assert.Equal(folds, NodeEvaluator.TryEvaluate(Expand(elements), new FoldingBudget()));

    [Fact]
    public void More_than_a_million_elements_may_become_as_many() =>
        Assert.True(NodeEvaluator.TryEvaluate(Abs(Value.Constant("c", new float[Million + 4], Million + 4)), new FoldingBudget()));

    [Fact]
    public void Nothing_but_small_results_is_made_beyond_the_budget()
    {
        var budget = new FoldingBudget();
        Assert.Equal(8, Count(budget, () => Expand(Million)));
        Assert.True(NodeEvaluator.TryEvaluate(Expand(64), budget));
        Assert.False(NodeEvaluator.TryEvaluate(Expand(200), budget));
    }

    [Fact]
    public void The_models_own_constants_count_four_times_and_each_once()
    {
        var budget = new FoldingBudget();
        Value own = Value.Constant("c", new float[Million], Million);

        // One million is the model's: eight and four of the twelve.
        Assert.Equal(12, Count(budget, () => Abs(own)));
    }

    [Fact]
    public void Results_are_no_constants_of_the_model()
    {
        var budget = new FoldingBudget();
        Node first = Expand(Million);
        Assert.True(NodeEvaluator.TryEvaluate(first, budget));
        Value last = first.Output;
        Assert.Equal(7, Count(budget, () =>
        {
            Node next = Abs(last);
            last = next.Output;
            return next;
        }));
    }

    [Fact]
    public void What_is_not_all_constant_is_left()
    {
        var input = new Value("x", TensorType.Float32, 4);
        Assert.False(NodeEvaluator.TryEvaluate(Abs(input), new FoldingBudget()));
        var bytes = new Value("y", TensorType.Int8, 4) { Quantization = new Quantization(0.1f, 0) };
        Assert.False(NodeEvaluator.TryEvaluate(new Node(Opcode.Quantize, "q", [Value.Constant("c", new float[4], 4)], bytes), new FoldingBudget()));
    }

    private static int Count(FoldingBudget budget, Func<Node> make)
    {
        int count = 0;
        while (count < 20 && NodeEvaluator.TryEvaluate(make(), budget))
        {
            count++;
        }

        return count;
    }

    private static Node Expand(int elements) => new(Opcode.Expand, "e", [Value.Constant("c", [1f], 1)], new Value("y", TensorType.Float32, elements));

    private static Node Abs(Value x) => new(Opcode.Unary, "a", [x], new Value("y", TensorType.Float32, x.Shape));
}
