using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Kernels;
using EdgeInference.Runtime.Tests.Kernels;
using EdgeInference.Runtime.Tests.Kernels.Dense;

namespace EdgeInference.Runtime.Tests;

public class RunBatchTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    [InlineData(150)]
    public void Int8_rows_are_what_single_inferences_are(int rows)
    {
        using EdgeModel model = EdgeModel.Load(DenseModel.Int8(1, 30, 17, Int8Output.TableToInt8, perChannel: true, bias: true));
        (float[] single, float[] batch) = Both(model, rows);
        Assert.Equal(single, batch);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(33)]
    [InlineData(131)]
    public void Float32_rows_are_what_single_inferences_are(int rows)
    {
        foreach (int units in new[] { 1, 10, 40, 64, 70 })
        {
            using EdgeModel model = EdgeModel.Load(DenseModel.Float32(1, 100, units, ActivationKind.LeakyReLU, bias: true));
            (float[] single, float[] batch) = Both(model, rows);
            float bound = 1e-5f * single.Max(Math.Abs);
            Assert.All(single.Zip(batch), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= bound));
        }
    }

    /// <summary>Depths whose weights are read in parts.</summary>
    [Theory]
    [InlineData(513, 3)]
    [InlineData(800, 64)]
    [InlineData(1100, 41)]
    [InlineData(1100, 490)]
    public void Deep_float32_rows_are_what_single_inferences_are(int depth, int units)
    {
        foreach (int rows in new[] { 5, 64, 139, 303 })
        {
            ActivationKind activation = rows == 64 ? ActivationKind.LeakyReLU : rows == 139 ? ActivationKind.ReLU6 : ActivationKind.ReLU;
            using EdgeModel model = EdgeModel.Load(DenseModel.Float32(1, depth, units, activation, bias: true));
            (float[] single, float[] batch) = Both(model, rows);
            float bound = 1e-5f * single.Max(Math.Abs);
            Assert.All(single.Zip(batch), pair => Assert.True(Math.Abs(pair.First - pair.Second) <= bound));
        }
    }

    [Fact]
    public void Every_kernel_that_says_it_batches_does()
    {
        using EdgeModel model = EdgeModel.Load(ChainModel.Build());
        TensorType[] types = [.. model.File.Operators.Select(record => record.Inputs[0].Type)];
        Opcode[] opcodes = [.. model.File.Operators.Select(record => record.Info.Opcode)];
        foreach (KernelRow row in KernelTable.Rows.Where(row => row.Batches))
        {
            Assert.True(opcodes.Zip(types).Contains((row.Opcode, row.Type)), $"{row.Opcode} {row.Type} is missing in the chain");
        }

        Assert.True(BatchRunner.CanBatch(model));
        (float[] single, float[] batch) = Both(model, 70);
        Assert.All(single.Zip(batch), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));
    }

    [Fact]
    public void A_span_of_another_length_is_refused()
    {
        using EdgeModel model = EdgeModel.Load(DenseModel.Float32(1, 3, 2, ActivationKind.Linear, bias: true));
        using Session session = model.CreateSession();
        Assert.Throws<ArgumentException>(() => session.RunBatch(new float[7], new float[4], 2));
        Assert.Throws<ArgumentException>(() => session.RunBatch(new float[6], new float[3], 2));
        Assert.Throws<ArgumentOutOfRangeException>(() => session.RunBatch(new float[6], new float[4], -2));
    }

    [Fact]
    public void No_call_after_the_first_allocates()
    {
        using EdgeModel model = EdgeModel.Load(DenseModel.Float32(1, 30, 17, ActivationKind.ReLU, bias: true));
        using Session session = model.CreateSession();
        float[] inputs = new float[100 * session.InputLength];
        float[] outputs = new float[100 * session.OutputLength];
        session.RunBatch(inputs, outputs, 100);
        long before = GC.GetAllocatedBytesForCurrentThread();
        session.RunBatch(inputs, outputs, 100);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private static (float[] Single, float[] Batch) Both(EdgeModel model, int rows)
    {
        using Session session = model.CreateSession();
        float[] inputs = DenseModel.Draw(new Random(rows), rows * session.InputLength);
        float[] single = new float[rows * session.OutputLength];
        float[] batch = new float[rows * session.OutputLength];
        for (int row = 0; row < rows; row++)
        {
            session.Run(inputs.AsSpan(row * session.InputLength, session.InputLength), single.AsSpan(row * session.OutputLength));
        }

        session.RunBatch(inputs, batch, rows);
        return (single, batch);
    }
}
