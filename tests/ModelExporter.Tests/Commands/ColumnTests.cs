using System.Text.Json;
using EdgeInference.ModelConverter.Evaluate;
using EdgeInference.Runtime;
using EdgeInference.Tool.Commands;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Columns by name and classes by text: the right answer, or a sentence that names the column, class or option.</summary>
public sealed class ColumnTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("edge-columns-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Named_single_inputs_are_taken_by_name()
    {
        string model = InFolder("named.edge");
        Assert.Equal("", Done(out _, "export", Contract("named_scalar_inputs.onnx"), "-o", model));
        Assert.Equal("", Done(out string one, "run", model, "-i", Contract("named_scalar_inputs.csv")));
        Assert.Equal("", Done(out string other, "run", model, "-i", Contract("named_scalar_inputs.other_order.csv")));
        Assert.Equal(one, other);
        string positions = Write("positions.csv", "1,2,3\n4,5,6\n");
        Assert.Contains("by position, since it is read without a header", Done(out string byPosition, "run", model, "-i", positions, "--no-header"), StringComparison.Ordinal);
        Assert.Equal(one, byPosition);
        Refused("--no-header", "run", model, "-i", positions);
    }

    [Fact]
    public void Columns_in_another_order_or_spelling_give_the_same_answer_and_a_missing_one_is_refused()
    {
        string model = Pump();
        Done(out string right, "run", model, "-i", Write("a.csv", "temp_c,flow rate\n1,2\n5,-1\n"));
        Assert.Equal("", Done(out string swapped, "run", model, "-i", Write("b.csv", "flow rate,temp_c\n2,1\n-1,5\n")));
        string said = Done(out string spelled, "run", model, "-i", Write("c.csv", "id,Flow_Rate,note,TEMP C\n7,2,on,1\n8,-1,off,5\n"));
        Assert.Equal(right, swapped);
        Assert.Equal(right, spelled);
        Assert.Contains("'TEMP C' is taken as the model's feature 'temp_c'", said, StringComparison.Ordinal);
        Assert.Contains("'id', 'note' are left out", said, StringComparison.Ordinal);
        Assert.Equal(3, said.TrimEnd().Split('\n').Length);
        Refused("no column 'temp_c', which the model needs as feature 1 of 2; 'temp' is the closest", "run", model, "-i", Write("d.csv", "flow rate,temp\n2,1\n"));
        Refused("'temp c', 'TEMP_C' could each be the model's feature 'temp_c'", "run", model, "-i", Write("e.csv", "flow rate,temp c,TEMP_C\n2,1,1\n"));
        Refused("no column 'temp_c'", "evaluate", model, "-d", Write("f.csv", "flow rate,temp,y\n2,1,off\n"), "-l", "y");
    }

    [Theory]
    [InlineData("")]
    [InlineData("Unnamed: 0")]
    public void The_index_of_pandas_is_no_feature(string header)
    {
        string csv = Write("index.csv", $"{header},temp_c,flow rate,y\n0,1,2,off\n1,5,-1,on\n2,1,3,off\n3,6,-1,on\n,,,\n,,,\n");
        string model = InFolder("index.edge");
        string said = Done(out _, "train", csv, "-l", "y", "-o", model, "--epochs", "2", "--quiet", "--validation", "0");
        Assert.Contains("is the index that pandas writes", said, StringComparison.Ordinal);
        Assert.Contains("2 blank rows at the end are left out", said, StringComparison.Ordinal);
        using EdgeModel edge = EdgeModel.Load(model);
        Assert.Equal(2, edge.InputLength);
        Assert.Contains("is the index that pandas writes", Done(out _, "run", model, "-i", csv), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("breast_cancer_mlp", "breast_cancer.only_benign.csv", "benign", 106.0 / 107)]
    [InlineData("digits_cnn", "digits.no_zeros.csv", "digit", 0.9835)]
    [InlineData("digits_mlp", "digits.no_zeros.csv", "digit", 0.9733)]
    public void A_file_that_lacks_a_class_is_judged_by_the_model_s_classes(string name, string csv, string label, double accuracy)
    {
        string model = InFolder("m.edge");
        Done(out _, "export", TestData.Data($"{name}.onnx"), "-o", model);
        string said = Done(out string text, "evaluate", model, "-d", Contract(csv), "-l", label, "--json");
        Assert.Contains("by position, since the model has no names", said, StringComparison.Ordinal);
        Evaluation evaluation = JsonSerializer.Deserialize<Evaluation>(text, JsonOutput.Options)!;
        Assert.Equal(accuracy, evaluation.Accuracy, 5e-5);
        Assert.Null(evaluation.Auc);
        Done(out _, "report", model, "-d", Contract(csv), "-l", label, "-o", InFolder("r.html"), "--no-timings");
        Assert.Contains(accuracy.ToString("0.0000", System.Globalization.CultureInfo.InvariantCulture), File.ReadAllText(InFolder("r.html")), StringComparison.Ordinal);
    }

    [Fact]
    public void Labels_are_matched_by_text_and_refused_where_they_are_none()
    {
        string model = Pump();
        double right = Accuracy(out string said, model, "temp_c,flow rate,y\n1,2,off\n5,-1,on\n6,-2,on\n");
        Assert.Equal("", said);
        Assert.Equal(1, right);
        Assert.Equal(right, Accuracy(out said, model, "temp_c,flow rate,y\n1,2,OFF\n5,-1,On\n6,-2,on\n"));
        Assert.Contains("'OFF' is taken as the class 'off', 'On' is taken as the class 'on'", said, StringComparison.Ordinal);
        Assert.Equal(1, Accuracy(out _, model, "temp_c,flow rate,y\n5,-1,on\n6,-2,on\n"));
        Assert.Equal(right, Accuracy(out said, model, "temp_c,flow rate,y\n1,2,0\n5,-1,1\n6,-2,1\n"));
        Assert.Contains("label 0 is taken as off, 1 as on", said, StringComparison.Ordinal);
        string other = "temp_c,flow rate,y\n1,2,stopped\n5,-1,running\n";
        Refused("'off', 'on'", "evaluate", model, "-d", Write("o.csv", other), "-l", "y");
        Refused("the nearest is 'off'", "evaluate", model, "-d", Write("o.csv", "temp_c,flow rate,y\n1,2,of\n"), "-l", "y");
        Assert.Equal(1, Accuracy(out _, model, other, "--classes", "stopped,running"));
        Refused("in a different position than the model", "evaluate", model, "-d", Write("o.csv", other), "-l", "y", "--classes", "on,off");
    }

    [Fact]
    public void Texts_for_a_model_without_class_texts_need_the_option()
    {
        string model = InFolder("m.edge");
        Done(out _, "export", TestData.Data("breast_cancer_mlp.onnx"), "-o", model);
        string csv = InFolder("texts.csv");
        string[] lines = File.ReadAllLines(TestData.Data("breast_cancer.test.csv"));
        int label = Array.IndexOf(lines[0].Split(','), "benign");
        File.WriteAllLines(csv, lines.Select((line, row) => string.Join(',', line.Split(',').Select((cell, i) => row > 0 && i == label ? (double.Parse(cell, System.Globalization.CultureInfo.InvariantCulture) == 1 ? "good" : "bad") : cell))));
        Refused("--classes", "evaluate", model, "-d", csv, "-l", "benign");
        Refused("--classes", "report", model, "-d", csv, "-l", "benign", "-o", InFolder("r.html"));
        Done(out string numbers, "evaluate", model, "-d", TestData.Data("breast_cancer.test.csv"), "-l", "benign", "--json");
        Done(out string texts, "evaluate", model, "-d", csv, "-l", "benign", "--classes", "bad,good", "--json");
        Assert.Equal(JsonSerializer.Deserialize<Evaluation>(numbers, JsonOutput.Options)!.Confusion, JsonSerializer.Deserialize<Evaluation>(texts, JsonOutput.Options)!.Confusion);
    }

    [Theory]
    [InlineData("on,off")]
    [InlineData("ON, Off")]
    public void Train_takes_the_order_of_classes_and_never_renames_them(string order)
    {
        string model = Pump("--labels", order);
        using (EdgeModel edge = EdgeModel.Load(model))
        {
            Assert.Equal(["on", "off"], edge.Labels);
            using var classifier = new Classifier(edge);
            Assert.Equal(0, classifier.Classify([6, -2]).ClassIndex);
        }

        Assert.Equal(1, Accuracy(out _, model, "temp_c,flow rate,y\n1,2,off\n5,-1,on\n6,-2,on\n"));
        Refused("'off', 'on'; 'running' is not one of them", "train", InFolder("train.csv"), "-l", "y", "--labels", "off,running", "-o", InFolder("x.edge"));
    }

    [Fact]
    public void Export_takes_names_from_the_calibration_file_and_counts_class_texts()
    {
        string model = InFolder("m.edge");
        string train = TestData.Data("breast_cancer.train.csv");
        string said = Done(out _, "export", TestData.Data("breast_cancer_mlp.onnx"), "-o", model, "-p", "int8", "-c", train, "-l", "benign", "--classes", "malignant,benign");
        Assert.Contains($"takes those of '{train}'", said, StringComparison.Ordinal);
        string test = TestData.Data("breast_cancer.test.csv");
        Done(out string right, "evaluate", model, "-d", test, "-l", "benign", "--json");
        string reversed = InFolder("reversed.csv");
        File.WriteAllLines(reversed, File.ReadLines(test).Select(line => string.Join(',', line.Split(',').Reverse())));
        Done(out string other, "evaluate", model, "-d", reversed, "-l", "benign", "--json");
        Assert.Equal(right, other);
        Refused("--labels has 3 texts but the model has 2 classes", "export", TestData.Data("breast_cancer_mlp.onnx"), "-o", InFolder("x.edge"), "--labels", "a,b,c");
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("NA")]
    [InlineData("NaN")]
    [InlineData("null")]
    public void A_missing_cell_is_refused_unless_the_model_defines_it(string cell)
    {
        Refused("line 3, column 'flow rate'", "run", Pump(), "-i", Write("gap.csv", $"temp_c,flow rate\n1,2\n5,{cell}\n"));
        string trees = InFolder("trees.edge");
        Done(out _, "export", Contract("trees_with_missing_value_tracks.onnx"), "-o", trees);
        Done(out string empty, "run", trees, "-i", Contract("trees_with_missing_value_tracks.csv"));
        string csv = Write("trees.csv", string.Join('\n', File.ReadLines(Contract("trees_with_missing_value_tracks.csv")).Select(line => string.Join(',', line.Split(',').Select(text => text.Length == 0 ? cell : text)))));
        Done(out string spelled, "run", trees, "-i", csv);
        Assert.Equal(empty, spelled);
    }

    // A pump that runs when it is warm; trained until it is right.
    private string Pump(params string[] more)
    {
        string model = InFolder("pump.edge");
        string csv = Write("train.csv", "temp_c,flow rate,y\n1,2,off\n5,-1,on\n1,3,off\n6,-1,on\n2,2,off\n6,-2,on\n0,2,off\n5,-2,on\n");
        Done(out _, ["train", csv, "-l", "y", "-o", model, "--epochs", "300", "--quiet", "--validation", "0", "--hidden", "4", .. more]);
        return model;
    }

    private double Accuracy(out string said, string model, string csv, params string[] more)
    {
        said = Done(out string text, ["evaluate", model, "-d", Write("rows.csv", csv), "-l", "y", "--json", .. more]);
        return JsonSerializer.Deserialize<Evaluation>(text, JsonOutput.Options)!.Accuracy;
    }

    private static string Done(out string text, params string[] args)
    {
        (int exitCode, string error) = CommandLine.Run(out text, args);
        Assert.True(exitCode == 0, error);
        return error;
    }

    private static void Refused(string expected, params string[] args)
    {
        (int exitCode, string error) = CommandLine.RunUnnamed(out _, args);
        Assert.Equal(1, exitCode);
        Assert.Contains(expected, error, StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        File.WriteAllText(InFolder(name), content);
        return InFolder(name);
    }

    private string InFolder(string name) => Path.Combine(folder, name);

    private static string Contract(string name) => Path.Combine(TestData.Root, "tests", "ModelExporter.Tests", "TestData", "contract", name);
}
