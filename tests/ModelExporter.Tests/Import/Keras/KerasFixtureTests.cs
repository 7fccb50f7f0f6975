using EdgeRuntime;
using ModelExporter.Data;
using ModelExporter.Graphs;
using ModelExporter.Import;
using ModelExporter.Optimize;
using ModelExporter.Plan;

namespace ModelExporter.Tests.Import.Keras;

/// <summary>Models that TestData/keras/generate.py writes in both kinds of file, with outputs by PyTorch's operators in double precision.</summary>
public class KerasFixtureTests
{
    public static TheoryData<string> Files => ["activations.keras", .. from name in new[] { "functional", "image", "sequence" } from kind in new[] { ".h5", ".keras" } select name + kind];

    [Theory]
    [MemberData(nameof(Files))]
    public void Outputs_equal_those_of_PyTorch(string file)
    {
        string name = Path.GetFileNameWithoutExtension(file);
        (_, float[] input) = NpyFile.Read(Fixture(name + ".input.npy"));
        (_, float[] expected) = NpyFile.Read(Fixture(name + ".expected.npy"));
        foreach (bool optimized in new[] { false, true })
        {
            Graph graph = ModelImporter.Import(Fixture(file));
            using EdgeModel model = EdgeModel.Load(ProgramWriter.Write(optimized ? GraphOptimizer.Optimize(graph) : graph));
            foreach (KernelSet kernels in new[] { KernelSet.Fast, KernelSet.Reference })
            {
                using Session session = model.CreateSession(kernels);
                var actual = new float[expected.Length];
                session.Run(input, actual);
                float largest = expected.Max(Math.Abs);
                for (int i = 0; i < expected.Length; i++)
                {
                    Assert.Equal(expected[i], actual[i], 1e-5f * largest);
                }
            }
        }
    }

    private static string Fixture(string name) => Path.Combine(AppContext.BaseDirectory, "TestData", "keras", name);
}
