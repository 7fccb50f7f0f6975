using System.Runtime.InteropServices;
using EdgeInference.ModelFormat;
using EdgeInference.Runtime.Tests.Reference;
using EdgeInference.Runtime.Tests.Reference.Rows;

namespace EdgeInference.Runtime.Tests.Kernels.Recurrent;

/// <summary>Quantized LSTM and recurrent layers give the bits of their scalar twin: any shape, forward and backward, with usual numbers and with the most extreme.</summary>
public class QuantizedCellTests
{
    [Fact]
    public void All_steps_give_the_bytes_of_the_scalar_twin()
    {
        foreach (OperatorRow row in QuantizedStateRows.All())
        {
            using EdgeModel model = EdgeModel.Load(row.Model());
            using Session fast = model.CreateSession();
            using Session reference = model.CreateSession(KernelSet.Reference);
            foreach (int seed in new[] { 1, 2 })
            {
                Fill(model, fast, seed);
                Fill(model, reference, seed);
                fast.Run();
                reference.Run();
                foreach (TensorInfo output in model.File.Outputs)
                {
                    Assert.True(reference.Bytes(output).SequenceEqual(fast.Bytes(output)), row.Name);
                }
            }
        }
    }

    private static void Fill(EdgeModel model, Session session, int seed)
    {
        for (int i = 0; i < model.File.Inputs.Length; i++)
        {
            Span<byte> input = model.File.Inputs[i].Type == TensorType.Int8 ? MemoryMarshal.AsBytes(session.Input<sbyte>(i)) : MemoryMarshal.AsBytes(session.Input<short>(i));
            new Random(seed + i).NextBytes(input);
        }
    }
}
