using System.IO.Compression;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Plan;
using EdgeInference.Runtime;
using PureHDF;

namespace EdgeInference.Tool.Tests.Import.Keras;

/// <summary>Reads the weights of a <c>.keras</c> archive without the importer, for references in double precision.</summary>
internal static class KerasArrays
{
    /// <summary>A file of TestData/import.</summary>
    internal static string Handed(string name) => Path.Combine(TestData.Root, "tests", "ModelExporter.Tests", "TestData", "import", name);

    /// <summary>The elements of a dataset of float32 or int8 in an archive's <c>model.weights.h5</c>.</summary>
    internal static double[] Read(string archive, string dataset)
    {
        using ZipArchive zip = ZipFile.OpenRead(archive);
        using Stream entry = zip.GetEntry("model.weights.h5")!.Open();
        var bytes = new MemoryStream();
        entry.CopyTo(bytes);
        bytes.Position = 0;
        using var file = H5File.Open(bytes);
        IH5Dataset found = file.Dataset(dataset);
        return found.Type.Class == H5DataTypeClass.FixedPoint
            ? Array.ConvertAll(found.Read<sbyte[]>(), value => (double)value)
            : Array.ConvertAll(found.Read<float[]>(), value => (double)value);
    }

    /// <summary>x · kernel + bias, the kernel as Keras keeps it: [inputs, units].</summary>
    internal static double[] Dense(double[] x, double[] kernel, double[] bias) =>
        [.. bias.Select((start, unit) => start + x.Select((value, i) => value * kernel[(i * bias.Length) + unit]).Sum())];

    internal static double Sigmoid(double x) => 1 / (1 + Math.Exp(-x));

    /// <summary>The output of a graph, written and run.</summary>
    internal static float[] Run(Graph graph, float[] input)
    {
        using EdgeModel model = EdgeModel.Load(ModelWriter.Write(graph));
        using Session session = model.CreateSession();
        var output = new float[session.OutputLength];
        session.Run(input, output);
        return output;
    }
}
