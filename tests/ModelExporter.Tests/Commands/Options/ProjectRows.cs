using System.Text.Json;

namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>Options of <c>edge emit --project</c>.</summary>
internal static class ProjectRows
{
    internal static Dictionary<string, Action<OptionBench>> All { get; } = new()
    {
        ["emit --project"] = Project,
        ["emit --sensor"] = Sensor,
        ["emit --force"] = Force,
    };

    private static void Project(OptionBench bench)
    {
        string folder = Path.Combine(bench.New(""), "Pump-2.Press");
        Assert.Contains("Wrote ", OptionBench.Done("emit", bench.Model, "--project", folder), StringComparison.Ordinal);
        string[] names = ["Model.g.cs", "Program.cs", "Pump-2.Press.nfproj", "Pump-2.Press.sln", "README.md", "packages.config"];
        Assert.Equal(names, Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(StringComparer.Ordinal));
        Assert.Equal([folder], Directory.GetFileSystemEntries(Path.GetDirectoryName(folder)!));
        JsonElement json = OptionBench.Json("emit", bench.Model, "--project", folder + Path.DirectorySeparatorChar, "--board", "esp32-c6", "--force");
        Assert.Contains("ESP32_C6_THREAD", File.ReadAllText(Path.Combine(folder, "README.md")), StringComparison.Ordinal);
        Assert.Equal((names.Length, "ESP32-C6"), (json.GetProperty("files").GetInt32(), json.GetProperty("board").GetString()));

        Assert.Contains("--project writes a folder and --output is for one file", OptionBench.Misused("emit", bench.Model, "--project", folder, "-o", bench.New(".cs")), StringComparison.Ordinal);
        Assert.Contains("--project is for code", OptionBench.Misused("emit", bench.Model, "--project", folder, "--engine", bench.New("")), StringComparison.Ordinal);
        foreach (string wrong in new[] { "", "-", bench.Train })
        {
            Assert.Contains("is not a folder", OptionBench.Refused("emit", bench.Model, "--project", wrong), StringComparison.Ordinal);
        }

        foreach (string wrong in new[] { "9pumps", "泵", "a b" })
        {
            string path = Path.Combine(bench.New(""), wrong);
            Assert.Contains("the name of an assembly begins with a letter", OptionBench.Misused("emit", bench.Model, "--project", path), StringComparison.Ordinal);
            Assert.False(Path.Exists(Path.GetDirectoryName(path)));
        }

        // A model that lies where its code would: refused, and nothing written.
        string taken = Directory.CreateDirectory(bench.InFolder("Taken")).FullName;
        string model = Path.Combine(taken, "Program.cs");
        File.Copy(bench.Model, model);
        Assert.Contains("the same file", OptionBench.Refused("emit", model, "--project", taken, "--force"), StringComparison.Ordinal);
        Assert.Equal([model], Directory.GetFileSystemEntries(taken));
    }

    private static void Sensor(OptionBench bench)
    {
        Assert.Contains("--sensor needs --project", OptionBench.Refused("emit", bench.Model, "-o", bench.New(".cs"), "--sensor", "adc"), StringComparison.Ordinal);
        string none = bench.InFolder("None");
        OptionBench.Done("emit", bench.Model, "--project", none, "--sensor", "none");
        Assert.False(File.Exists(Path.Combine(none, "Sensor.cs")));
        string adc = bench.InFolder("Adc");
        OptionBench.Done("emit", bench.Model, "--project", adc, "--sensor", "adc");
        Assert.Contains("const int Values = 4;", File.ReadAllText(Path.Combine(adc, "Sensor.cs")), StringComparison.Ordinal);

        // Four values are no three axes; nothing is left behind.
        string i2c = bench.InFolder("I2c");
        Assert.Contains("--sensor i2c gives 3 values a sample, and the model takes 4", OptionBench.Refused("emit", bench.Model, "--project", i2c, "--sensor", "i2c"), StringComparison.Ordinal);
        Assert.False(Path.Exists(i2c));
    }

    private static void Force(OptionBench bench)
    {
        string other = bench.Save(bench.TrainWith());
        string folder = bench.InFolder("Forced");
        string program = Path.Combine(folder, "Program.cs");
        string code = Path.Combine(folder, "Model.g.cs");
        OptionBench.Done("emit", bench.Model, "--project", folder);

        // Another model goes into the same program.
        string before = File.ReadAllText(code);
        OptionBench.Done("emit", other, "--project", folder);
        Assert.NotEqual(before, File.ReadAllText(code));

        // What was changed by hand stays, all or nothing, unless it is forced.
        string written = File.ReadAllText(program);
        File.WriteAllText(program, written + "// mine\n");
        File.WriteAllText(Path.Combine(folder, "README.md"), "mine");
        before = File.ReadAllText(code);
        string refusal = OptionBench.Refused("emit", bench.Model, "--project", folder);
        Assert.Contains("has Program.cs, README.md, which are not as this command writes them; use -o to replace the model alone, or --force to write over them.", refusal, StringComparison.Ordinal);
        Assert.Equal((written + "// mine\n", before), (File.ReadAllText(program), File.ReadAllText(code)));
        OptionBench.Done("emit", bench.Model, "--project", folder, "--force");
        Assert.Equal(written, File.ReadAllText(program));
        Assert.NotEqual(before, File.ReadAllText(code));
        Assert.Contains("--force needs --project", OptionBench.Refused("emit", bench.Model, "-o", bench.New(".cs"), "--force"), StringComparison.Ordinal);

        // A folder in the way of a file is not written over, and nothing else is.
        File.Delete(program);
        Directory.CreateDirectory(program);
        before = File.ReadAllText(code);
        Assert.Contains("Program.cs' is a folder", OptionBench.Refused("emit", other, "--project", folder, "--force"), StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllText(code));
    }
}
