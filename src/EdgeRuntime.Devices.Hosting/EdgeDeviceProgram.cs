using System.Security.Cryptography;
using EdgeInference.ModelFormat;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace EdgeInference.Devices.Hosting;

/// <summary>How a program of a device begins and ends: what the user can mend is one sentence, and nothing that went wrong ends with 0.</summary>
public static class EdgeDeviceProgram
{
    /// <summary>Runs a program. What the user can mend is said in one sentence on the error stream; of any other exception all is said.</summary>
    /// <param name="program">The program; it returns an exit code.</param>
    /// <returns>The exit code: what the program returned, or 1 where it threw.</returns>
    public static int Run(Func<int> program) => Run(program, Console.Error);

    internal static int Run(Func<int> program, TextWriter errors)
    {
        ArgumentNullException.ThrowIfNull(program);
        try
        {
            return program();
        }
        catch (OptionsValidationException exception)
        {
            foreach (string sentence in exception.Failures)
            {
                errors.WriteLine(sentence);
            }
        }
        catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException or ArgumentException or CryptographicException or ModelFormatException)
        {
            errors.WriteLine(Sentence(exception));
        }
        catch (Exception exception)
        {
            errors.WriteLine(exception);
        }

        return 1;
    }

    // A file of settings that cannot be read says where only inside; a parameter's name says nothing to a user.
    private static string Sentence(Exception exception)
    {
        string text = exception is ArgumentException { ParamName: { } name } ? exception.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : exception.Message;
        return exception is InvalidDataException { InnerException: FormatException inner } ? $"{text} {inner.GetBaseException().Message}" : text;
    }

    /// <summary>
    /// Runs the host of a device until it is stopped, and disposes it. Settings, model, sensor and outputs are checked and opened before
    /// the host starts, as <see cref="Run(Func{int})"/> says it.
    /// </summary>
    /// <param name="host">The host.</param>
    /// <returns>The exit code: 0 after a stop that was asked for, 1 where something was wrong or the loop failed.</returns>
    public static int RunEdgeDevice(this IHost host)
    {
        ArgumentNullException.ThrowIfNull(host);
        return Run(() =>
        {
            using (host)
            {
                host.Services.GetService<IStartupValidator>()?.Validate();
                _ = host.Services.GetService<DecisionLoop>();
                try
                {
                    host.Run();
                }
                catch (OperationCanceledException) when (host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
                {
                    // It was stopped while it started.
                }

                return Environment.ExitCode;
            }
        });
    }
}
