using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.Emit.Trees;
using EdgeInference.ModelFormat;
using EdgeInference.Nano.Tests.Models;
using EdgeInference.Runtime;

namespace EdgeInference.Nano.Tests.Emit;

/// <summary>Emitted trees against the engine: every form of leaves, every comparison, thresholds and beside them, NaN, infinities and −0.</summary>
public class EmitTreeTests
{
    private const int Vectors = 60;

    [Fact]
    public void Random_trees_are_equal_to_the_bit()
    {
        var batch = new EmitBatch();
        for (int seed = 0; seed < 80; seed++)
        {
            batch.Add(RandomModels.Trees(seed));
        }

        for (int i = 0; i < batch.Count; i++)
        {
            Check(batch, i);
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    [InlineData(5, false)]
    [InlineData(9, false)]
    public void Every_form_of_leaves_and_every_aggregate_is_equal_to_the_bit(int targets, bool isOfTree)
    {
        (string Name, Func<Random, float> Weight)[] weights =
        [
            ("votes", random => random.Next(2)),
            ("shares", random => random.Next(16385) / 16384f),
            ("steps", random => random.Next(-3000, 3000) / 1024f),
            ("real", random => ((float)random.NextDouble() * 2f) - 1f),
            ("far", random => (random.Next(2) == 0 ? 1e30f : 1e-30f) * random.Next(-9, 10)),
            ("small", random => random.Next(-9, 10) * float.Epsilon),
            ("special", random => TreeModels.Special[random.Next(TreeModels.Special.Length)]),
            ("none", _ => 0f),
        ];
        var batch = new EmitBatch();
        foreach ((_, Func<Random, float> weight) in weights)
        {
            for (int aggregate = 0; aggregate < 4; aggregate++)
            {
                batch.Add(new TreeModels(batch.Count) { Targets = targets, IsOfTree = isOfTree, Aggregate = aggregate, Weight = weight, Trees = 7, Rows = 1 + (batch.Count % 2) }.Build());
            }
        }

        for (int i = 0; i < batch.Count; i++)
        {
            Check(batch, i);
        }
    }

    // A tree that no method holds goes on in the next, across assemblies.
    [Theory]
    [InlineData(12, false, 1)]
    [InlineData(8, false, 16)]
    [InlineData(3500, true, 1)]
    [InlineData(300, true, 9)]
    public void Large_trees_are_spread_over_methods_and_assemblies(int depth, bool isChain, int trees)
    {
        foreach (int targets in (int[])[1, 3])
        {
            byte[] file = Large(depth, isChain, trees, targets);
            EmittedModel model = NanoEmitter.Emit(file, new EmitOptions("Models", "M00000", MaxAssemblies: 99));
            var parts = new List<byte[]>();
            for (int i = 0; i < model.Files.Count; i++)
            {
                parts.Add(EmittedCode.Compile(model.Files[i], $"Trees{depth}_{targets}_{i}", parts));
                TreeCode code = TreeCode.Of(parts[^1]);
                Assert.InRange(code.Bytes, 1, Math.Min(65_535, model.Files[i].InstructionBytes + 3_000));
                Assert.InRange(code.LargestMethod, 1, 28_100);
                Assert.InRange(code.MostLocals, 1, 230);
            }

            Assert.True(model.Files.Count > 1 || TreeCode.Of(parts[0]).Methods > 2, $"{model.Files.Count} files");
        }

        var batch = new EmitBatch();
        batch.Add(Large(depth, isChain, trees, 1));
        Check(batch, 0);
    }

    private static byte[] Large(int depth, bool isChain, int trees, int targets) => new TreeModels(depth)
    {
        Depth = depth,
        IsChain = isChain,
        Trees = trees,
        Targets = targets,
        Features = isChain ? 300 : 20,
        Threshold = random => random.Next(-2000, 2000) / 1000f,
        Weight = random => targets == 1 ? (float)random.NextDouble() : random.Next(65) / 64f,
        Comparison = isChain ? random => random.Next(2) * 8 : random => random.Next(6) + (random.Next(2) * 8),
    }.Build();

    // What is decided beforehand, and what is equal, stands once.
    [Fact]
    public void Equal_leaves_and_subtrees_stand_once()
    {
        byte[] file = new TreeModels(1) { Depth = 9, Trees = 1, Features = 1, Threshold = _ => 0.5f, Comparison = _ => 0, Weight = _ => 1f }.Build();
        Assert.DoesNotContain("goto", NanoEmitter.Emit(file, new EmitOptions()).Files[0].Text, StringComparison.Ordinal);
    }

    // A split and its leaf: two bytes that load a feature, five of threshold and two to five of jump; a constant, its store and a jump.
    [Theory]
    [InlineData(1, false)]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(10, false)]
    public void A_node_takes_at_most_12_bytes(int targets, bool isReal)
    {
        const int Trees = 20;
        const int Depth = 6;
        var models = new TreeModels(3) { Trees = Trees, Depth = Depth, Features = 16, Targets = targets, Comparison = random => random.Next(2) * 8, Threshold = random => random.Next(-1000, 1001) / 1000f, Weight = random => isReal ? (float)random.NextDouble() : random.Next(257) / 256f };
        EmittedModel model = NanoEmitter.Emit(models.Build(), new EmitOptions());
        TreeCode code = TreeCode.Of(EmittedCode.Compile(model.Files));
        int nodes = ((2 << Depth) - 1) * Trees;
        Assert.InRange((double)code.Bytes / nodes, 6, 12);
        Assert.InRange(model.Files[0].InstructionBytes, code.Bytes - 400, code.Bytes * 1.25);
    }

    // Each tree tests 6 features, of which a method loads each once.
    [Fact]
    public void The_estimate_counts_the_mean_walk()
    {
        byte[] file = new TreeModels(3) { Trees = 20, Depth = 6, Features = 16, Comparison = _ => 0, Threshold = random => random.Next(-1000, 1001) / 1000f }.Build();
        EmittedModel model = NanoEmitter.Emit(file, new EmitOptions());
        Assert.InRange(model.Instructions, (20 * 6 * 3) + (16 * 4), (20 * ((6 * 3) + 8)) + (16 * 4) + 30);
        NanoEstimate estimate = NanoCost.Of(file);
        Assert.Equal(model.MachineInstructions, estimate.Emitted!.Instructions);
        Assert.Equal(model.MachineInstructions, NanoCost.EmittedInstructions(model.Instructions, 120));
        Assert.True(estimate.Table.Instructions > 8 * estimate.Emitted.Instructions);
    }

    [Fact]
    public void Trees_of_many_outputs_that_no_lanes_hold_are_refused()
    {
        byte[] Wide(int targets) => new TreeModels(1) { Trees = 2, Depth = 1, Targets = targets, Weight = Far }.Build();
        Assert.NotNull(NanoEmitter.TryEmit(Wide(100), new EmitOptions(), out _));
        Assert.Null(NanoEmitter.TryEmit(Wide(101), new EmitOptions(), out string obstacle));
        Assert.Equal("Code cannot be emitted for trees of 101 outputs, more than 100; use the table form, --form table.", obstacle);
        Assert.Equal(obstacle, NanoCost.Of(Wide(101)).NotEmitted);
    }

    [Fact]
    public void Leaves_that_name_an_output_twice_are_refused_where_no_integers_hold_them()
    {
        Assert.Null(NanoEmitter.TryEmit(new TreeModels(1) { IsTwice = true, Weight = Far }.Build(), new EmitOptions(), out string obstacle));
        Assert.Equal("Code cannot be emitted for trees with a leaf that names an output twice; use the table form, --form table.", obstacle);
        var batch = new EmitBatch();
        batch.Add(new TreeModels(1) { IsTwice = true, Aggregate = 1 }.Build());
        batch.Add(new TreeModels(1) { IsTwice = true, Aggregate = 2, Weight = Far }.Build());
        batch.Add(new TreeModels(1) { IsTwice = true, Aggregate = 3, Weight = Far, Targets = 2 }.Build());
        for (int i = 0; i < batch.Count; i++)
        {
            Check(batch, i);
        }
    }

    private static float Far(Random random) => (random.Next(2) == 0 ? 1e30f : 1e-30f) * (1 + random.Next(9));

    internal static void Check(EmitBatch batch, int i)
    {
        var random = new Random(i);
        using EdgeModel model = EdgeModel.Load(batch.File(i));
        using Session session = model.CreateSession(KernelSet.Reference);
        float[] thresholds = new ForestRecord(model.File.Operators.First(record => record.Info.Opcode == Opcode.TreeEnsemble)).Thresholds;
        float[] expected = new float[session.OutputLength];
        for (int run = 0; run < Vectors; run++)
        {
            float[] input = run < TreeModels.Special.Length ? [.. Enumerable.Repeat(TreeModels.Special[run], session.InputLength)] : TreeModels.Row(random, session.InputLength, thresholds);
            session.Run(input, expected);
            float[] actual = batch.Run<float>(i, input);
            Assert.True(expected.Select(Bits).SequenceEqual(actual.Select(Bits)), $"model {i}, row {run}: {string.Join(" ", actual)} for {string.Join(" ", expected)}");
        }
    }

    // Every NaN is the same.
    private static uint Bits(float value) => float.IsNaN(value) ? uint.MaxValue : BitConverter.SingleToUInt32Bits(value);
}
