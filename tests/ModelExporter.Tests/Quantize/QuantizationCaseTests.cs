using EdgeInference.ModelConverter.Check;
using EdgeInference.ModelConverter.Data;
using EdgeInference.ModelConverter.Graphs;
using EdgeInference.ModelConverter.Import;
using EdgeInference.ModelConverter.Pipeline;
using EdgeInference.Runtime;

namespace EdgeInference.Tool.Tests.Quantize;

/// <summary>What quantization costs PyTorch models of skewed, rare and saturated data, against the imported graph in double precision.</summary>
public class QuantizationCaseTests
{
    // scales.bn saturates its sigmoid in float32, so that its logits are what it ranks by.
    private const string Saturated = "scales.bn";

    public static TheoryData<string> Models => ["haberman.std", "haberman.bn", "oilspill.std", "oilspill.bn", "phoneme.std", "phoneme.bn", "scales.std", Saturated, "imb50.std", "imb50.bn"];

    [Theory]
    [MemberData(nameof(Models))]
    public void Int8_keeps_accuracy_and_ranking(string name) => Check(name, Precision.Int8, 0.005, 0.005);

    [Theory]
    [MemberData(nameof(Models))]
    public void Int16_keeps_them_closer_and_the_probability(string name)
    {
        // The hidden units of imb50.std saturate: half of its rows lie within two steps of int16 logits, in whose order chance has a part.
        double deviation = Check(name, Precision.Int16, 0.002, name == "imb50.std" ? 0.004 : 0.002);
        Assert.True(name == Saturated || deviation <= 0.01, $"{deviation}");
    }

    // Auto tries int8, int16 and mixtures of them; one model a data set, each kind of scaling among them.
    [Theory]
    [InlineData("haberman.std")]
    [InlineData("oilspill.bn")]
    [InlineData("phoneme.std")]
    [InlineData(Saturated)]
    [InlineData("imb50.bn")]
    public void Auto_keeps_accuracy_and_ranking_as_int16_does(string name) => Check(name, null, 0.002, 0.002);

    // Gives the largest deviation of an output of a row within the range of the training data.
    private static double Check(string name, Precision? precision, double accuracy, double area)
    {
        string folder = Path.Combine(AppContext.BaseDirectory, "TestData", "quantization");
        string set = name.Split('.')[0];
        LabelledTable train = CsvTable.ReadLabelled(Path.Combine(folder, set + ".train.csv"), "y");
        LabelledTable test = CsvTable.ReadLabelled(Path.Combine(folder, set + ".test.csv"), "y");
        string path = Path.Combine(folder, name + ".onnx");
        var import = new ImportOptions();
        float threshold = 0.5f;
        if (name == Saturated)
        {
            Graph whole = ModelImporter.Import(path);
            import = new ImportOptions { Outputs = [whole.Producer(whole.Outputs[0])!.Input(0).Name], Head = HeadKind.Scores };
            threshold = 0;
        }

        var exact = new DoubleEvaluator(ModelImporter.Import(path, import));
        double[] real = [.. test.Rows.Select(row => exact.Run(row)[0])];
        ModelDraft draft = ExportPipeline.Import(path, import) with { Rows = train.Rows, Labels = train.Labels };
        byte[] file = ExportPipeline.Write(QuantizeStep.Run(draft, new QuantizeOptions { Precision = precision, MaxLoss = 0.002 }, new ReportedWork(null, CancellationToken.None)));
        using EdgeModel model = EdgeModel.Load(file);
        using Session session = model.CreateSession();
        float[] output = new float[1];
        double[] found = [.. test.Rows.Select(row =>
        {
            session.Run(row, output);
            return (double)output[0];
        })];

        double Accuracy(double[] values) => values.Zip(test.Labels, (value, label) => value >= threshold == (label == 1) ? 1.0 : 0).Average();
        double lost = Accuracy(real) - Accuracy(found);
        Assert.True(lost <= Math.Max(1.0 / test.Rows.Count, accuracy) + 1e-9, $"accuracy: {lost}");
        double less = Area(test.Labels, real) - Area(test.Labels, found);
        Assert.True(less <= area, $"AUC: {less}");

        float[] low = [.. Enumerable.Range(0, train.Names.Count).Select(i => train.Rows.Min(row => row[i]))];
        float[] high = [.. Enumerable.Range(0, train.Names.Count).Select(i => train.Rows.Max(row => row[i]))];
        return Enumerable.Range(0, found.Length)
            .Where(i => test.Rows[i].Zip(low, high).All(value => value.First >= value.Second && value.First <= value.Third))
            .Max(i => Math.Abs(real[i] - found[i]));
    }

    // Mann and Whitney's: of a pair of a row of each class, equal ones counting half.
    private static double Area(int[] labels, double[] values)
    {
        double[] ones = [.. values.Where((_, i) => labels[i] == 1)];
        double[] zeros = [.. values.Where((_, i) => labels[i] == 0)];
        return ones.Sum(one => zeros.Sum(zero => one > zero ? 1 : one == zero ? 0.5 : 0)) / ((double)ones.Length * zeros.Length);
    }
}
