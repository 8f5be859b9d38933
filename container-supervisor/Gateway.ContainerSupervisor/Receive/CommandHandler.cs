using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Gateway.ContainerSupervisor.Report;
using Gateway.Core.Mqtt;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Serilog;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Verifies, judges and carries out commands. A command is marked before it is carried out, so that a replay of it does nothing.</summary>
internal sealed class CommandHandler(DocumentGate gate, CommandDesk desk, ErrorBook errors, ILogger log)
{
    /// <summary>Most commands under way at once; each takes seconds.</summary>
    private const int Most = 16;

    private int underWay;

    /// <summary>Told when a command was refused for a reason that is not in the status yet.</summary>
    public Action? OnRefusal { get; init; }

    /// <summary>Sends a reply.</summary>
    public required Func<string, ReadOnlyMemory<byte>, CancellationToken, Task> Reply { get; init; }

    /// <summary>Handles a message on a command topic.</summary>
    /// <param name="source"><c>gateway</c> or <c>group:&lt;name&gt;</c>.</param>
    /// <param name="message">The message.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task HandleAsync(string source, MqttMessage message, CancellationToken cancellation)
    {
        if (Command.IsBareStatus(message.Payload))
        {
            desk.SendStatus();
            return;
        }

        // Commands must not be retained: one would come again after every connect.
        if (message.Payload.IsEmpty || message.Retained)
        {
            return;
        }

        var command = await AcceptAsync(source, message, cancellation);
        if (!command.TryGet(out var accepted, out var wrong))
        {
            if (errors.Note(message.Topic, $"command refused: {string.Join("; ", wrong.Take(3))}"))
            {
                log.Warning("Command refused: {Reason}", string.Join("; ", wrong.Take(3)));
                OnRefusal?.Invoke();
            }

            return;
        }

        errors.Resolve(message.Topic);
        if (accepted is not null)
        {
            await CarryOutAsync(accepted, cancellation);
        }
    }

    /// <summary>The command; null when it had been carried out before.</summary>
    private async Task<Result<Command?>> AcceptAsync(string source, MqttMessage message, CancellationToken cancellation)
    {
        if (!Envelope.Parse(message.Payload, message.Topic).TryGet(out var envelope, out var wrong)
            || !(await gate.VerifyAsync(envelope.Payload, envelope.Signature, cancellation)).TryGet(out var verified, out wrong)
            || !Command.Parse(verified).TryGet(out var command, out wrong)
            || !gate.Judge($"command:{source}", command.Release!, verified).TryGet(out var verdict, out wrong)
            || !gate.Save(verdict).TryGet(out _, out wrong))
        {
            return wrong;
        }

        return verdict.AlreadyAccepted ? (Command?)null : command;
    }

    private async Task CarryOutAsync(Command command, CancellationToken cancellation)
    {
        log.Information("Command {Id}: {Command}", command.Id ?? "", command.Word);
        if (CommandDesk.IsQuick(command))
        {
            await ReplyAsync(command, await desk.CarryOutAsync(command, cancellation), cancellation);
        }
        else if (Interlocked.Increment(ref underWay) <= Most)
        {
            // A stop may take its whole grace; other messages must not wait for it.
            _ = Task.Run(() => CarryOutLongAsync(command, cancellation), CancellationToken.None);
        }
        else
        {
            Interlocked.Decrement(ref underWay);
            await ReplyAsync(command, new Failure(Phase.Apply, command.Word, $"{Most} commands are under way already"), cancellation);
        }
    }

    private async Task CarryOutLongAsync(Command command, CancellationToken cancellation)
    {
        try
        {
            await ReplyAsync(command, await desk.CarryOutAsync(command, cancellation), cancellation);
        }
        catch (OperationCanceledException)
        {
            log.Warning("Command {Id}: the supervisor ends before it is carried out", command.Id ?? "");
        }
        catch (Exception bug)
        {
            log.Error(bug, "Command {Id} died", command.Id ?? "");
            await ReplyAsync(command, new Failure(Phase.Apply, command.Word, "failed unexpectedly, please report this; the gateway's log says more"), CancellationToken.None);
        }
        finally
        {
            Interlocked.Decrement(ref underWay);
        }
    }

    private Task ReplyAsync(Command command, Result<string> done, CancellationToken cancellation) =>
        AnswerAsync(command, done.IsSuccess, done.IsSuccess ? done.Value : Text(done.Failures), cancellation);

    private static string Text(ImmutableArray<Failure> failures) => OneLine.Of(string.Join("; ", failures));

    private async Task AnswerAsync(Command command, bool ok, string message, CancellationToken cancellation)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("id", command.Id);
            json.WriteBoolean("ok", ok);
            json.WriteString("message", message);
            json.WriteEndObject();
        }

        await Reply(command.Id!, buffer.WrittenMemory, cancellation);
    }
}
