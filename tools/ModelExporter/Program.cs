using ModelExporter.Commands;

return EdgeCommand.Run(args);
