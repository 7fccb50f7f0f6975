using EdgeInference.Tool.Tests.Commands.Options;

namespace EdgeInference.Tool.Tests.Commands;

/// <summary>Which form <c>edge emit</c> takes by itself, and that it writes over no input, by whatever name a form's files have.</summary>
public sealed class EmitFormTests(OptionBench bench) : IClassFixture<OptionBench>
{
    [Fact]
    public void A_model_that_keeps_a_state_gets_the_table_form()
    {
        string path = Folder("M.g.cs");
        (int exitCode, _, string error) = OptionBench.Run("emit", ModelRows.Recurrent(bench), "-o", path);
        Assert.Equal(0, exitCode);
        Assert.Contains("which emitted code cannot; use the table form, --form table. Writing the table form.", error, StringComparison.Ordinal);
        Assert.Contains("NanoModel", File.ReadAllText(path), StringComparison.Ordinal);
        Assert.Equal([path], Directory.GetFiles(Path.GetDirectoryName(path)!));
        Assert.Contains("use the table form", OptionBench.Refused("emit", ModelRows.Recurrent(bench), "-o", path, "--form", "code"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_model_of_more_than_60000_bytes_gets_the_resource_form()
    {
        string path = Folder("M.g.cs");
        string model = Large();
        (int exitCode, _, string error) = OptionBench.Run("emit", model, "-o", path);
        Assert.Equal(0, exitCode);
        Assert.EndsWith("Writing the resource form.", error.TrimEnd(), StringComparison.Ordinal);
        string resource = Directory.GetFiles(Path.GetDirectoryName(path)!).Single(file => file != path);
        Assert.Equal(File.ReadAllBytes(model), File.ReadAllBytes(resource)[..(int)new FileInfo(model).Length]);
        Assert.Contains("60,000", OptionBench.Refused("emit", model, "-o", path, "--form", "table"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_beside_the_code_is_not_written_over_the_model()
    {
        string path = Folder("M.g.cs");
        byte[] integers = bench.TrainWith("--precision", "int8");
        OptionBench.Done("emit", bench.Save(integers), "-o", path, "--form", "resource");
        string resource = Directory.GetFiles(Path.GetDirectoryName(path)!).Single(file => file != path);
        string folder = Folder("");
        string model = Path.Combine(folder, Path.GetFileName(resource));
        File.WriteAllBytes(model, integers);
        string error = OptionBench.Refused("emit", model, "-o", Path.Combine(folder, "M.g.cs"), "--form", "resource");
        Assert.Contains("the same file", error, StringComparison.Ordinal);
        Assert.Equal(integers, File.ReadAllBytes(model));
        Assert.Equal([model], Directory.GetFiles(folder));
    }

    [Fact]
    public void Two_models_of_one_class_keep_their_files_apart_in_one_folder()
    {
        string folder = Folder("");
        string model = bench.Save(bench.TrainWith("--precision", "int8"));
        foreach (string name in (string[])["A", "B"])
        {
            OptionBench.Done("emit", model, "-o", Path.Combine(folder, name + ".g.cs"), "--class", "Model", "--namespace", name, "--form", "resource");
            Assert.Contains($"{name}.Model.g.bin", File.ReadAllText(Path.Combine(folder, name + ".g.cs")), StringComparison.Ordinal);
        }

        Assert.Equal(["A.Model.g.bin", "A.g.cs", "B.Model.g.bin", "B.g.cs"], Directory.GetFiles(folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    // 400 · 170 weights of a byte are more than 60,000 bytes hold.
    private string Large()
    {
        string path = bench.New();
        OptionBench.Done("train", bench.Train, "--label", "y", "-o", path, "--hidden", "400,170", "--epochs", "1", "--precision", "int8", "--calibration-method", "MinMax", "-q");
        Assert.True(new FileInfo(path).Length > 60_000);
        return path;
    }

    private string Folder(string name) => Path.Combine(Directory.CreateDirectory(bench.New("")).FullName, name);
}
