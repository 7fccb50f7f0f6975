using ModelExporter.Commands;

using var interruption = new Interruption();
return EdgeCommand.Run(args);
