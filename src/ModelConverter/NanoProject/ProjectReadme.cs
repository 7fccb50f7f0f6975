using System.Globalization;
using System.Text;
using EdgeInference.ModelConverter.Emit;
using EdgeInference.ModelConverter.NanoEngine;

namespace EdgeInference.ModelConverter.NanoProject;

/// <summary>README.md of an emitted project: how it is built, deployed and changed. Without figures of the model, so that another model leaves it as it is.</summary>
internal static class ProjectReadme
{
    internal static string Text(ProjectPlan plan, EmitOptions options, bool needsPackage)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $$"""
            # {{plan.Name}}

            A .NET nanoFramework program for {{plan.Board.WithArticle}} that decides with the model in `{{options.ClassName}}.g.cs`. Made by `edge emit --project`.

            ## Build and deploy

            1. `dotnet tool install -g nanoff`, then flash the stable firmware: `nanoff --target {{plan.Board.Target}} --serialport PORT --update`. It must have mscorlib {{NanoVersion}} for {{NanoPackage.CoreLibrary.Id}} {{NanoPackage.CoreLibrary.Version}}; `nanoff --devicedetails` shows it.
            2. Open `{{plan.Name}}.sln`: in Visual Studio on Windows with the .NET nanoFramework extension, or in Visual Studio Code with its extension, which needs the NuGet CLI and, on Linux and macOS, `mono-complete` of the Mono project.
            3. Restore the packages, build **Release** and deploy.

            The program prints each decision. Nothing is printed where firmware and packages do not fit each other.

            """);
        if (needsPackage)
        {
            text.Append(CultureInfo.InvariantCulture, $"\nThe model's code calls functions of the package {NanoPackage.Engine.Id} {NanoPackage.Engine.Version}.\n");
        }

        text.Append(plan.Sensor switch
        {
            ProjectSensor.Adc => $"\n## Sensor\n\n`Sensor.cs` reads {Channels(plan.Values)} of the analogue-to-digital converter, from `FirstChannel` on, every {plan.PeriodMilliseconds} ms.\n",
            ProjectSensor.I2c => $"\n## Sensor\n\n`Sensor.cs` reads an LIS3DH accelerometer on I2C bus 1, address 0x18{Wiring(plan.Board)}, every {plan.PeriodMilliseconds} ms.\n",
            _ when plan.Signals is not null => "\n## Samples\n\nThe program has no sensor: put samples into `counts` in `Program.cs`.\n",
            _ => "\n## Values\n\nThe program has no sensor: put values into `values` in `Program.cs`.\n",
        });
        if (plan.Signals is { } signals)
        {
            text.Append(SignalProgram.TakesCounts(signals)
                ? "\nCounts go into the model's signal pipeline as they are: the model was trained on counts.\n"
                : "\nThe model's signal pipeline gets `(count + Offset) * Scale`; set both in `Program.cs` to the units of the recording that it was trained on.\n");
        }
        else if (plan.Sensor != ProjectSensor.None)
        {
            text.Append(options.Counts is null
                ? "\nThe model gets `(count + Offset) * Scale`; set both in `Program.cs` to the units that it was trained on.\n"
                : "\nRaw counts go to the model, which scales them by integers.\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n## Another model\n\n`edge emit model.edge --namespace {options.Namespace}{Counts(options)} -o {options.ClassName}.g.cs` in this folder replaces the model and leaves the program.\n");
        return text.ToString();
    }

    private static string Counts(EmitOptions options) => options.Counts is { } counts
        ? $" --counts-scale={string.Join(',', counts.Scales.Select(Number))} --counts-offset={string.Join(',', counts.Offsets.Select(Number))}"
        : "";

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private const string NanoVersion = "100.5.0.24";

    private static string Channels(int values) => values == 1 ? "one channel" : string.Create(CultureInfo.InvariantCulture, $"{values} channels");

    private static string Wiring(NanoBoard board)
    {
        (int data, int clock) = ProgramText.BusPins(board);
        return ProjectFiles.IsEsp32(board) ? string.Create(CultureInfo.InvariantCulture, $", data on GPIO {data}, clock on GPIO {clock}") : ", on the board's own pins of that bus";
    }
}
