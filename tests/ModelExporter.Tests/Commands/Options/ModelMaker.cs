namespace EdgeInference.Tool.Tests.Commands.Options;

/// <summary>A command that writes models: <c>edge train</c> on the bench's rows, or <c>edge export</c> of its ONNX model with the same rows for calibration.</summary>
internal sealed class ModelMaker(string command)
{
    /// <summary>The file that the options give. A line that was run before is not run again, unless it names a file that may have changed or that it writes.</summary>
    internal byte[] Make(OptionBench bench, params string[] options)
    {
        string[] files = [bench.Train, bench.Test];
        if (options.Any(option => (Path.IsPathRooted(option) || option.Contains(bench.InFolder(""))) && !files.Contains(option)))
        {
            return Run(bench, options);
        }

        return (byte[])bench.Made($"{command} {string.Join('\n', options)}", () => Run(bench, options)).Clone();
    }

    private byte[] Run(OptionBench bench, string[] options)
    {
        string path = bench.New();
        OptionBench.Done(Line(bench, path, options));
        return File.ReadAllBytes(path);
    }

    /// <summary>The sentence of a refusal, after which there is no file.</summary>
    internal string Fault(OptionBench bench, params string[] options)
    {
        string path = bench.New();
        string error = OptionBench.Refused(Line(bench, path, options));
        Assert.False(File.Exists(path));
        return error;
    }

    /// <summary>The same of a line that is at fault whatever the files hold.</summary>
    internal string Misuse(OptionBench bench, params string[] options)
    {
        string path = bench.New();
        string error = OptionBench.Misused(Line(bench, path, options));
        Assert.False(File.Exists(path));
        return error;
    }

    private string[] Line(OptionBench bench, string path, string[] options)
    {
        string[] start = command == "train" ? ["train", bench.Train, "--epochs", "8", "-q"] : ["export", bench.Net, "-c", bench.Train];

        // An option that is given twice is refused, so that a row's own takes the place of this one.
        string[] hidden = command == "train" && !options.Contains("--hidden") ? ["--hidden", "6,5"] : [];
        string[] epochs = options.Contains("--epochs") && command == "train" ? ["-q"] : start[2..];
        return [.. start[..2], .. epochs, .. hidden, "--label", "y", "-o", path, .. options];
    }
}
