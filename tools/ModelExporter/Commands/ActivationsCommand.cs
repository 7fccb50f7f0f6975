using System.CommandLine;
using EdgeInference.ModelConverter.Activations;
using EdgeInference.Tool.Report;

namespace EdgeInference.Tool.Commands;

/// <summary><c>edge activations</c>: a picture of every activation function.</summary>
internal static class ActivationsCommand
{
    internal static Command Create()
    {
        var folder = new Option<string>("--output", "-o") { Description = "Folder for the .svg files; created if it does not exist.", DefaultValueFactory = _ => "activations" };
        var command = new Command("activations", "Draws every activation function with its derivative, saturated and dead regions, and known answers.") { folder };
        command.SetAction(result =>
        {
            string target = result.GetRequiredValue(folder);
            MakeFolder(target);
            foreach ((string name, string svg) in Pictures())
            {
                AtomicFile.Write(Path.Combine(target, name), svg);
            }

            Console.Out.WriteLine($"Wrote {ActivationFunctions.All.Count} pictures to {target}.");
            return EdgeCommand.Done;
        });
        return command;
    }

    /// <summary>The name and content of each file.</summary>
    internal static IEnumerable<(string Name, string Svg)> Pictures() =>
        ActivationFunctions.All.Select(function => ($"{function.Name}.svg", ActivationChart.Of(function).ToFile()));

    private static void MakeFolder(string path)
    {
        try
        {
            Directory.CreateDirectory(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"The folder '{path}' cannot be made: {exception.Message}", exception);
        }
    }
}
